/* Reads pictures of 784 bytes from standard input until its end; writes the processor's seconds for each letter whole,
   from its picture on, and for its layers alone. */

#define _POSIX_C_SOURCE 199309L
#include <stdio.h>
#include <time.h>
#include "model.h"

#define AGAIN 20 /* times that the layers are run */

static uint8_t picture[784];
static propis_state state;

static double now(void) {
    struct timespec at;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
    return (double)at.tv_sec + (double)at.tv_nsec * 1e-9;
}

int main(void) {
    double whole = 0, layers = 0, begin;
    long count = 0, sum = 0;
    int again;
    char name[PROPIS_NAME_BYTES];
    while (fread(picture, 1, sizeof picture, stdin) == sizeof picture) {
        uint8_t y;
        begin = now();
        propis_begin(&state);
        for (y = 0; y < PROPIS_SIDE; y++) propis_row(&state, picture + PROPIS_SIDE * y);
        sum += propis_letter(&state);
        whole += now() - begin;
        begin = now();
        for (again = 0; again < AGAIN; again++) {
            propis_layers(&state);
            sum += propis_logits(&state)[0];
        }
        layers += now() - begin;
        count++;
    }
    propis_name(propis_best(&state, 0), name);
    printf("%.12f %.12f\n", whole / (double)count, layers / (double)count / AGAIN);
    fprintf(stderr, "%ld %s\n", sum, name);
    return 0;
}
