// As much of Arduino's core as the sketches need, on the chip's own serial line; one of them is compiled with it.

#include <avr/interrupt.h>
#include <avr/io.h>

struct SerialLine {
    void begin(unsigned long baud) {
        UBRR0 = (uint16_t)((F_CPU / 4 / baud - 1) / 2);
        UCSR0A = 1 << U2X0;
        UCSR0B = (1 << RXEN0) | (1 << TXEN0);
    }
    int available() { return (UCSR0A & (1 << RXC0)) != 0; }
    int read() { return UDR0; }
    void write(uint8_t byte) {
        while (!(UCSR0A & (1 << UDRE0))) {}
        UDR0 = byte;
    }
    void print(char sign) { write((uint8_t)sign); }
    void print(const char *text) {
        while (*text) write((uint8_t)*text++);
    }
    void println(long number) {
        char digits[12], *first = digits + sizeof digits - 1;
        unsigned long rest = number < 0 ? 0 - (unsigned long)number : (unsigned long)number;
        *first = 0;
        do *--first = (char)('0' + rest % 10);
        while (rest /= 10);
        if (number < 0) *--first = '-';
        print(first);
        print("\r\n");
    }
};

static SerialLine Serial;
static volatile uint16_t overflows;

ISR(TIMER1_OVF_vect) { overflows++; }

// Timer 1 counts half microseconds at 16 MHz.
unsigned long micros() {
    uint8_t before = SREG;
    cli();
    uint16_t high = overflows, low = TCNT1;
    if ((TIFR1 & (1 << TOV1)) && low < 0x8000) high++;
    SREG = before;
    return ((unsigned long)high << 15) + (low >> 1);
}

#ifdef PROPIS_BENCHMARK
#include "benchmark.ino"
#else
#include "sketch.ino"
#endif

int main() {
    TCCR1B = 1 << CS11;
    TIMSK1 = 1 << TOIE1;
    sei();
    setup();
    for (;;) loop();
}
