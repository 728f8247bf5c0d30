// SPDX-License-Identifier: Apache-2.0
#include "server/jobs/job_folder.h"

#include "server/jobs/job_child.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *job_state_name(job_state state) {
    static const char *const names[] = {"queued", "running", "done", "failed", "cancelled"};
    return names[state];
}

/* ---- files -------------------------------------------------------------------------------------------- */

static char *path_of(const char *folder, const char *name) {
    char *path;
    return asprintf(&path, "%s/%s", folder, name) < 0 ? NULL : path;
}

static json_t *read_document(const char *folder, const char *name) {
    char *path = path_of(folder, name);
    json_t *document = path ? json_load_file(path, 0, NULL) : NULL;
    free(path);
    return document;
}

static bool exists(const char *folder, const char *name) {
    char *path = path_of(folder, name);
    bool there = path && !access(path, F_OK);
    free(path);
    return there;
}

bool job_fact_write(const char *folder, const char *name, const json_t *document) {
    char *path = path_of(folder, name), *beside = NULL;
    FILE *out = path && asprintf(&beside, "%s.new", path) >= 0 ? fopen(beside, "we") : NULL;
    bool good = out && !json_dumpf(document, out, JSON_COMPACT) && !fflush(out) && !fsync(fileno(out));
    if (out)
        good = !fclose(out) && good;
    good = good && !rename(beside, path);
    free(beside);
    free(path);
    return good;
}

bool job_lock_take(int fd) {
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    return fcntl(fd, F_OFD_SETLK, &whole) == 0;
}

bool job_is_cancelled(const char *folder) {
    return exists(folder, "cancelled");
}

/* The supervisor holds its lock as long as it lives, whatever ends it. */
static bool is_alive(const char *folder) {
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    char *path = path_of(folder, "lock");
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    bool held = fd >= 0 && fcntl(fd, F_OFD_GETLK, &whole) == 0 && whole.l_type != F_UNLCK;
    if (fd >= 0)
        close(fd);
    free(path);
    return held;
}

/* ---- standard error ----------------------------------------------------------------------------------- */

enum { TAIL = 4096 };

/* The end of a file, as whole lines; malloc'ed. */
static char *read_tail(const char *folder, const char *name) {
    char *path = path_of(folder, name), *text = calloc(1, TAIL + 1);
    FILE *in = path && text ? fopen(path, "re") : NULL;
    if (in && fseek(in, -TAIL, SEEK_END))
        rewind(in);
    bool cut = in && ftell(in) > 0;
    size_t n = in ? fread(text, 1, TAIL, in) : 0;
    if (in)
        fclose(in);
    free(path);
    if (text)
        text[n] = '\0';
    char *first = cut && text ? strchr(text, '\n') : NULL;
    if (first)
        memmove(text, first + 1, strlen(first + 1) + 1);
    return text;
}

/* Ends the text before its last line and gives that; NULL: there is none. A line without its end is not
 * whole. */
static char *cut_last_line(char *text) {
    char *end = strrchr(text, '\n');
    if (!end)
        return NULL;
    *end = '\0';
    char *before = strrchr(text, '\n');
    char *line = before ? before + 1 : text;
    return line;
}

static json_t *last_progress(const char *folder) {
    char *text = read_tail(folder, "progress.jsonl"), *line;
    json_t *found = NULL;
    while (text && !found && (line = cut_last_line(text))) {
        found = *line == '{' ? json_loads(line, 0, NULL) : NULL;
        if (line > text)
            line[-1] = '\n', *line = '\0';
        else
            *text = '\0';
    }
    free(text);
    return found;
}

/* "what went wrong" of "pixity: backtest: what went wrong"; NULL: the line tells no error. */
static const char *error_in(const char *line) {
    static const char begin[] = "pixity: ";
    static const char *const others[] = {"warning: ", "info: ", "debug: "};
    if (strncmp(line, begin, strlen(begin)) != 0)
        return NULL;
    const char *text = line + strlen(begin), *rest = strstr(text, ": ");
    text = rest ? rest + 2 : text;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strncmp(text, others[i], strlen(others[i])) == 0)
            return NULL;
    return text;
}

static char *last_error(const char *folder) {
    char *text = read_tail(folder, "progress.jsonl"), *kept = NULL, *rest = NULL;
    for (char *line = text ? strtok_r(text, "\n", &rest) : NULL; line; line = strtok_r(NULL, "\n", &rest)) {
        const char *error = error_in(line);
        if (!error)
            continue;
        free(kept);
        kept = strdup(error);
    }
    free(text);
    return kept;
}

/* When a job that nobody saw ending wrote something last. */
static char *last_sign(const char *folder) {
    struct stat about;
    char text[PX_TIME_TEXT_SIZE];
    char *path = path_of(folder, "progress.jsonl");
    bool there = path && !stat(path, &about);
    free(path);
    if (!there)
        return NULL;
    px_time_format_iso((int64_t)about.st_mtim.tv_sec * PX_US_PER_SECOND + about.st_mtim.tv_nsec / 1000, NULL,
                       text);
    return strdup(text);
}

/* ---- facts -------------------------------------------------------------------------------------------- */

void job_facts_free(job_facts *facts) {
    json_decref(facts->request);
    json_decref(facts->argv);
    json_decref(facts->progress);
    json_decref(facts->result);
    free(facts->created);
    free(facts->started);
    free(facts->ended);
    free(facts->message);
    *facts = (job_facts){0};
}

static char *text_at(const json_t *document, const char *key) {
    const char *text = json_string_value(json_object_get(document, key));
    return text ? strdup(text) : NULL;
}

static bool read_request(const char *folder, job_facts *facts) {
    json_t *document = read_document(folder, "request.json");
    facts->kind = job_kind_find(json_string_value(json_object_get(document, "kind")));
    facts->request = json_incref(json_object_get(document, "request"));
    facts->argv = json_incref(json_object_get(document, "argv"));
    facts->created = text_at(document, "created");
    json_decref(document);
    return facts->kind && facts->request && facts->argv;
}

/* What a verb made, from its document. */
static json_t *name_result(const job_kind *kind, const json_t *document) {
    json_t *name = kind->result ? json_object_get(document, kind->result) : NULL;
    return name ? json_pack("{s:O}", kind->result, name) : NULL;
}

#define TEXT_OF(number)  #number
#define NUMBER(constant) TEXT_OF(constant)
#define INSTEAD          "give it in smaller files, or import it where it lies with pixity import"

/* What the limits of a process that reads an upload say where they end it; NULL = it was none of them. */
static const char *limit_of(const job_facts *facts) {
    if (facts->kind != &job_import)
        return NULL;
    switch (facts->exit_status - 128) {
    case SIGXCPU:
        return "reading the upload took more than " NUMBER(
            JOB_UPLOAD_SECONDS) " seconds of processor time, its limit; " INSTEAD;
    case SIGXFSZ:
        return "the upload would be stored in a file of more than " NUMBER(
            JOB_UPLOAD_FILE_GIB) " GiB, its limit; " INSTEAD;
    case SIGABRT:
        return "its process gave up, as where memory ends: reading an upload may take " NUMBER(
            JOB_UPLOAD_MEMORY_GIB) " GiB of addresses; " INSTEAD;
    default:
        return NULL;
    }
}

static const char *reason_of(const job_facts *facts) {
    const char *limit = limit_of(facts);
    if (limit)
        return limit;
    if (facts->exit_status == 0)
        return "it ended without its result; is the disk full?";
    if (facts->exit_status == JOB_NOT_STARTED)
        return "its process could not be started; are there memory and processes to be had?";
    return facts->exit_status < 0 || facts->exit_status > 128
               ? "its process was killed before it was done; run it again"
               : "it failed without a message";
}

static void judge_end(const char *folder, job_facts *facts) {
    json_t *document = read_document(folder, "result.json");
    bool answered =
        document && (facts->exit_status == 0 || (facts->exit_status == 1 && facts->kind->may_say_no));
    facts->state = answered ? JOB_DONE : facts->cancel ? JOB_CANCELLED : JOB_FAILED;
    if (answered)
        facts->result = name_result(facts->kind, document);
    if (facts->state == JOB_FAILED && (facts->exit_status == 1 || facts->exit_status == 2))
        facts->message = last_error(folder);
    if (facts->state == JOB_FAILED && !facts->message)
        facts->message = strdup(reason_of(facts));
    json_decref(document);
}

/* In this order: who has started holds the lock, and who no longer holds it has written how it ended. */
static void read_state(const char *folder, job_facts *facts) {
    json_t *start = read_document(folder, "started.json");
    facts->alive = is_alive(folder);
    json_t *end = read_document(folder, "exit.json");
    json_t *cancel = read_document(folder, "cancelled");
    facts->cancel = job_is_cancelled(folder);
    facts->exit_status = end ? (int)json_integer_value(json_object_get(end, "status")) : -1;
    facts->started = text_at(start, "at");
    facts->ended = text_at(end, "at");
    facts->progress = last_progress(folder);
    if (end || (start && !facts->alive))
        judge_end(folder, facts);
    else if (start)
        facts->state = JOB_RUNNING;
    else /* a supervisor that lives is about to begin */
        facts->state = facts->cancel && !facts->alive ? JOB_CANCELLED : JOB_QUEUED;
    if (!facts->ended && start && !facts->alive)
        facts->ended = last_sign(folder);
    else if (!facts->ended && facts->state == JOB_CANCELLED)
        facts->ended = text_at(cancel, "at");
    facts->group = facts->alive && start ? (pid_t)json_integer_value(json_object_get(start, "pid")) : 0;
    json_decref(cancel);
    json_decref(end);
    json_decref(start);
}

bool job_facts_read(const char *folder, job_facts *facts) {
    job_facts now = {0};
    if (!read_request(folder, &now)) {
        job_facts_free(&now);
        return false;
    }
    read_state(folder, &now);
    job_facts_free(facts);
    *facts = now;
    return true;
}

bool job_facts_follow(const char *folder, job_facts *facts) {
    json_t *now = last_progress(folder);
    if (!now || (facts->progress && json_equal(now, facts->progress))) {
        json_decref(now);
        return false;
    }
    json_decref(facts->progress);
    facts->progress = now;
    return true;
}

/* Its parts are copies: the facts change in one thread while another one writes the document. */
json_t *job_facts_document(const job_facts *facts, int64_t id) {
    json_t *status = facts->exit_status < 0 ? json_null() : json_integer(facts->exit_status);
    return json_pack("{s:I, s:s, s:s, s:s?, s:s?, s:s?, s:o, s:o, s:o?, s:o, s:s?, s:o?}", "id",
                     (json_int_t)id, "kind", facts->kind->name, "state", job_state_name(facts->state),
                     "created", facts->created, "started", facts->started, "ended", facts->ended, "request",
                     json_deep_copy(facts->request), "command", json_deep_copy(facts->argv), "progress",
                     json_deep_copy(facts->progress), "exit_status", status, "error", facts->message,
                     "result", json_deep_copy(facts->result));
}
