// SPDX-License-Identifier: Apache-2.0
/* Whole processes that do nothing else:
 *
 *     floor_process version          prints a line
 *     floor_process read BARS        reads six columns of a file into memory
 *     floor_process close BARS       the same of the close alone */
#include "floor.h"

int main(int argc, char **argv) {
    double sum = 0;
    if (argc == 2 && strcmp(argv[1], "version") == 0) {
        puts("floor 1");
    } else if (argc == 3 && strcmp(argv[1], "read") == 0) {
        const floor_bars bars = floor_read_bars(argv[2]);
        printf("%zu bars, last close %.2f\n", bars.n, bars.close[bars.n - 1]);
    } else if (argc == 3 && strcmp(argv[1], "close") == 0) {
        FILE *file = fopen(argv[2], "rb");
        if (!file || fseek(file, 0, SEEK_END) != 0)
            return 1;
        const long column = ftell(file) / 6;
        double *close = floor_alloc((size_t)column, 1);
        if (fseek(file, 4 * column, SEEK_SET) != 0 || fread(close, 1, (size_t)column, file) != (size_t)column)
            return 1;
        for (size_t i = 0; i < (size_t)column / sizeof *close; i++)
            sum += close[i];
        printf("%.2f\n", sum);
        fclose(file);
    } else {
        return 2;
    }
    return 0;
}
