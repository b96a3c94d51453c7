/* Runs the test that is named, or lists the names of all. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

static const struct test *const all[] = {pure_tests, count_tests, connection_tests, login_tests, answer_tests,
                                          parameter_tests, gate_tests, gate_live_tests};

static void fail(const char *file, int line, const char *what) {
    fprintf(stderr, "%s:%d: %s\n", file, line, what);
    exit(1);
}

void check(int right, const char *what, const char *file, int line) {
    if (!right) fail(file, line, what);
}

void check_number(long long got, long long want, const char *what, const char *file, int line) {
    if (got == want) return;
    fprintf(stderr, "got  %lld\nwant %lld\n", got, want);
    fail(file, line, what);
}

void check_text(const char *got, const char *want, const char *what, const char *file, int line) {
    if (got && strcmp(got, want) == 0) return;
    fprintf(stderr, "got  %s\nwant %s\n", got ? got : "nothing", want);
    fail(file, line, what);
}

void check_has(const char *got, const char *want, const char *what, const char *file, int line) {
    if (got && strstr(got, want)) return;
    fprintf(stderr, "got %s\nwithout %s\n", got ? got : "nothing", want);
    fail(file, line, what);
}

int main(int argc, char **argv) {
    for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
        for (const struct test *t = all[i]; t->name; t++) {
            if (argc < 2) puts(t->name);
            else if (strcmp(t->name, argv[1]) == 0) return t->run(), 0;
        }
    return argc < 2 ? 0 : 2;
}
