// SPDX-License-Identifier: Apache-2.0
/* run.json of a stored run, whatever stands in it: it is listed, read, counted as a trial and deleted. */
#include "fuzz.h"

#include "base/file.h"
#include "pixity/backtest.h"
#include "store/runs/run_index.h"

static char folder[64], json_path[128];
static px_home *home;

static void remove_home(void) {
    px_home_close(&home);
    fuzz_check(pxi_remove_tree(folder, NULL) == PX_OK);
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc, (void)argv;
    snprintf(folder, sizeof folder, "/dev/shm/pixity-fuzz-%ld", (long)getpid());
    fuzz_check(px_home_open(folder, &home, NULL) == PX_OK);
    snprintf(json_path, sizeof json_path, "%s/runs/r/run.json", folder);
    atexit(remove_home);
    return 0;
}

/* The folder of the run as an interrupted disk or an editor may have left it. */
static void put_run(const uint8_t *bytes, size_t length) {
    char path[128];
    snprintf(path, sizeof path, "%s/runs/r", folder);
    fuzz_check(pxi_make_folder(path, NULL) == PX_OK);
    fuzz_check(pxi_file_write(json_path, (const char *)bytes, length, NULL) == PX_OK);
}

static void check_list(void) {
    px_table table = {0};
    fuzz_check(px_runs_list(home, &table, NULL) == PX_OK);
    fuzz_check(table.n_rows == 1);
    fuzz_check(strcmp(px_table_text(&table, px_table_find(&table, "run_id"), 0), "r") == 0);
    px_table_free(&table);
}

static void check_reading(void) {
    char *text = NULL;
    px_trials trials;
    px_error err;
    if (fuzz_accepted(px_run_trials(home, "r", &trials, &err), &err))
        fuzz_check(trials.n >= 0);
    if (fuzz_accepted(px_run_read(home, "r", &text, &err), &err))
        free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    put_run(bytes, length);
    check_list();
    check_reading();
    fuzz_check(px_run_delete(home, "r", NULL) == PX_OK);
    return 0;
}
