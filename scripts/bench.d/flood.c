// flood MEGABYTES RESULT
//
// Writes so many megabytes in numbered lines of 100 bytes to standard output, and the microseconds that this took into RESULT.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static long long microseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    enum { line = 100, lines = 640 };
    static char buffer[line * lines];
    long total = atol(argv[1]) * 1000000 / line, number = 0;
    long long start = microseconds();
    while (number < total) {
        for (int i = 0; i < lines; i++) {
            char *place = buffer + i * line;
            memset(place, 'x', line - 1);
            int length = snprintf(place, line, "%ld", ++number);
            place[length] = ' ';
            place[line - 1] = '\n';
        }
        for (size_t done = 0; done < sizeof buffer;) {
            ssize_t count = write(1, buffer + done, sizeof buffer - done);
            if (count <= 0) return 1;
            done += count;
        }
    }
    long long end = microseconds();
    FILE *result = fopen(argv[2], "w");
    if (!result) return 1;
    fprintf(result, "%lld\n", end - start);
    return fclose(result) != 0;
}
