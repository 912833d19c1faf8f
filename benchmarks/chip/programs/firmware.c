/* For an ATmega328P: asks for each row of a picture with '>', and after 28 of them writes a line: the letter's index and
   the logits, in hexadecimal. Pin PB0 is high while it computes. */

#include <avr/io.h>

#include "model.h"

static uint8_t take(void) {
    while (!(UCSR0A & (1 << RXC0))) {}
    return UDR0;
}

static void give(char sign) {
    while (!(UCSR0A & (1 << UDRE0))) {}
    UDR0 = (uint8_t)sign;
}

static void give_byte(uint8_t byte) {
    give("0123456789abcdef"[byte >> 4]);
    give("0123456789abcdef"[byte & 15]);
}

static void begin(void) { PORTB |= 1; }
static void end(void) { PORTB &= (uint8_t)~1; }

static void read_picture(propis_state *state) {
    uint8_t row[PROPIS_SIDE], x, y;
    begin();
    propis_begin(state);
    end();
    for (y = 0; y < PROPIS_SIDE; y++) {
        give('>');
        for (x = 0; x < PROPIS_SIDE; x++) row[x] = take();
        begin();
        propis_row(state, row);
        end();
    }
}

int main(void) {
    static propis_state state;
    uint8_t letter, byte;
    DDRB = 1;
    UBRR0 = 1; /* 1,000,000 baud at 16 MHz, with U2X0 */
    UCSR0A = 1 << U2X0;
    UCSR0B = (1 << RXEN0) | (1 << TXEN0);
    for (;;) {
        read_picture(&state);
        begin();
        letter = propis_letter(&state);
        end();
        give_byte(letter);
        for (letter = 0; letter < PROPIS_LETTERS; letter++) {
            uint32_t logit = (uint32_t)propis_logits(&state)[letter];
            for (byte = 0; byte < 4; byte++, logit <<= 8) give_byte((uint8_t)(logit >> 24));
        }
        give('\n');
    }
}
