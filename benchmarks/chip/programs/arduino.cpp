// As much of Arduino's core as sketch.ino needs, on the chip's own serial line; sketch.ino is compiled with it.

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

#include "sketch.ino"

int main() {
    setup();
    for (;;) loop();
}
