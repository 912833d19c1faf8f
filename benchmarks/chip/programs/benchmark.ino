#include "model.h"

static propis_state state;
static uint32_t images, correct, all, longest;  // counts, and microseconds
static uint16_t checksum;                       // CRC-16/CCITT-FALSE of what is printed

static void take(uint8_t *row) {
  Serial.write('>');  // the next 28 bytes, please
  for (uint8_t x = 0; x < PROPIS_SIDE; x++) {
    while (!Serial.available()) {}
    row[x] = Serial.read();
  }
}

static void put(char sign) {
  checksum ^= (uint16_t)((uint16_t)(uint8_t)sign << 8);
  for (uint8_t bit = 0; bit < 8; bit++) checksum = (uint16_t)(checksum & 0x8000 ? checksum << 1 ^ 0x1021 : checksum << 1);
  Serial.write(sign);
}

static void put(const char *text) {
  while (*text) put(*text++);
}

static void put(uint32_t number) {
  char digits[11], *first = digits + 10;
  *first = 0;
  do *--first = (char)('0' + number % 10);
  while (number /= 10);
  put(',');
  put(first);
}

#ifdef __AVR__  // set where the program is put together
extern char __data_load_end, __heap_start;
static uint32_t flash() { return (uint16_t)&__data_load_end; }
static uint32_t memory() { return (uint16_t)&__heap_start - RAMSTART; }
#else
static uint32_t flash() { return 0; }  // not told
static uint32_t memory() { return 0; }
#endif

static void report() {
  checksum = 0xFFFF;
  put("PROPIS,1," PROPIS_MODEL);
  put(images), put(correct), put(all), put(longest), put(flash()), put(memory());
  uint16_t sum = checksum;
  put('*');
  for (int8_t place = 12; place >= 0; place -= 4) put("0123456789ABCDEF"[sum >> place & 15]);
  Serial.write('\r');
  Serial.write('\n');
}

void setup() {
  Serial.begin(115200);
}

void loop() {
  uint8_t row[PROPIS_SIDE], wanted, found;
  uint32_t began, used;
  take(row);
  wanted = row[0];  // the letter's index; 255: that was all
  if (wanted == 255) {
    report();
    images = correct = all = longest = 0;
    return;
  }
  began = micros();
  propis_begin(&state);
  used = micros() - began;
  for (uint8_t y = 0; y < PROPIS_SIDE; y++) {
    take(row);
    began = micros();
    propis_row(&state, row);
    used += micros() - began;
  }
  began = micros();
  found = propis_letter(&state);
  used += micros() - began;
  images++;
  correct += found == wanted;
  all += used;
  if (used > longest) longest = used;
}
