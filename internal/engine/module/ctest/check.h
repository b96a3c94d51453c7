/* Checks of the tests in C. The first that fails ends the program and says where. */
#ifndef AIKAGI_CHECK_H
#define AIKAGI_CHECK_H

/* test is one run of the program, so that each begins with a module that was never loaded. */
struct test {
    const char *name; /* NULL ends a list */
    void (*run)(void);
};

#define CHECK(what) check((what) != 0, #what, __FILE__, __LINE__)
#define CHECK_NUMBER(got, want) check_number((got), (want), #got, __FILE__, __LINE__)
#define CHECK_TEXT(got, want) check_text((got), (want), #got, __FILE__, __LINE__)
#define CHECK_HAS(got, want) check_has((got), (want), #got, __FILE__, __LINE__)

void check(int right, const char *what, const char *file, int line);
void check_number(long long got, long long want, const char *what, const char *file, int line);
void check_text(const char *got, const char *want, const char *what, const char *file, int line);
void check_has(const char *got, const char *want, const char *what, const char *file, int line);

extern const struct test pure_tests[], count_tests[], connection_tests[], login_tests[], answer_tests[],
    parameter_tests[], gate_tests[], gate_live_tests[];

#endif
