/* Reads drawings from standard input until its end, in 32-bit whole numbers: how many strokes, how many points each has,
   the points; writes of each a byte that says whether it can be read, and the picture of 784 bytes. */

#define PROPIS_STROKES
#include "model.h"

#include <stdio.h>

static int32_t points[16384][2];
static uint32_t counts[4096], strokes;
static propis_paper paper;

int main(void) {
    while (fread(&strokes, 4, 1, stdin) == 1) {
        uint32_t total = 0, i;
        uint8_t answer;
        if (strokes > 4096 || fread(counts, 4, strokes, stdin) != strokes) return 1;
        for (i = 0; i < strokes; i++) total += counts[i];
        if (total > 16384 || fread(points, 8, total, stdin) != total) return 1;
        answer = propis_draw(&paper, (const int32_t(*)[2])points, counts, strokes);
        putchar(answer);
        fwrite(paper.picture, 1, sizeof paper.picture, stdout);
    }
    return 0;
}
