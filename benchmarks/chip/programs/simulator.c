/* Runs a program for the ATmega328P in simavr: simulator PROGRAM.elf < rows.

   Gives 28 bytes of standard input for each '>' that the program writes; all else that it writes goes to standard
   output. Ends at a '>' for which nothing is left, and then writes to standard error, one number a line: the letters
   read, the most and the mean cycles between two of them while pin PB0 was high, and the bytes of memory in use, stack
   included: what the program has written to is known by a pattern that was there before. */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim_avr.h"
#include "sim_elf.h"
#include "avr_ioport.h"
#include "avr_uart.h"

enum { PATTERN = 0xA5, ROW = 28, FIRST = 0x100, ROWS = 28 };

static avr_t *avr;
static avr_irq_t *receiver;
static unsigned char row[ROW];
static int left, asked, is_over;
static avr_cycle_count_t since, used, most, total;

static void on_byte(struct avr_irq_t *irq, uint32_t value, void *param) {
    (void)irq, (void)param;
    if (value != '>') {
        putchar((int)value);
        return;
    }
    if (asked && asked % ROWS == 0) {
        most = used > most ? used : most;
        total += used;
        used = 0;
    }
    is_over = fread(row, 1, ROW, stdin) != ROW;
    left = is_over ? 0 : ROW;
    asked += !is_over;
}

static void on_pin(struct avr_irq_t *irq, uint32_t value, void *param) {
    (void)irq, (void)param;
    if (value) since = avr->cycle;
    else if (since) used += avr->cycle - since;
}

static avr_cycle_count_t next_byte(avr_t *of, avr_cycle_count_t when, void *param) {
    (void)param, (void)of;
    if (left) avr_raise_irq(receiver, row[ROW - left--]);
    return when + 400; /* cycles: 25 us a byte */
}

static void quiet(avr_t *of, const int level, const char *format, va_list words) {
    (void)of, (void)level, (void)format, (void)words;
}

static void start(const char *name) {
    elf_firmware_t firmware;
    uint32_t flags = 0;
    avr_global_logger_set(quiet);
    memset(&firmware, 0, sizeof firmware);
    if (elf_read_firmware(name, &firmware)) exit(2);
    avr = avr_make_mcu_by_name("atmega328p");
    if (!avr) exit(2);
    avr_init(avr);
    avr->frequency = 16000000;
    avr_load_firmware(avr, &firmware);
    memset(avr->data + FIRST, PATTERN, avr->ramend + 1u - FIRST);
    avr_ioctl(avr, AVR_IOCTL_UART_SET_FLAGS('0'), &flags);
    receiver = avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_INPUT);
    avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_OUTPUT), on_byte, 0);
    avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_IOPORT_GETIRQ('B'), 0), on_pin, 0);
    avr_cycle_timer_register(avr, 400, next_byte, 0);
}

/* All memory, less the longest run that still has the pattern: between data and stack. */
static unsigned memory(void) {
    unsigned place, run = 0, longest = 0;
    for (place = FIRST; place <= avr->ramend; place++) {
        run = avr->data[place] == PATTERN ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return avr->ramend + 1u - FIRST - longest;
}

int main(int count, char **words) {
    int state = cpu_Running;
    if (count != 2) return 2;
    start(words[1]);
    while (!is_over && state != cpu_Done && state != cpu_Crashed) state = avr_run(avr);
    fprintf(stderr, "%d\n%llu\n%llu\n%u\n", asked / ROWS, (unsigned long long)most,
            (unsigned long long)(asked >= ROWS ? total / (unsigned)(asked / ROWS) : 0), memory());
    return is_over ? 0 : 1;
}
