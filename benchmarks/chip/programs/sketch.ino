#include "model.h"

static propis_state state;

void setup() {
  Serial.begin(115200);
}

void loop() {
  uint8_t row[PROPIS_SIDE];
  propis_begin(&state);
  for (uint8_t y = 0; y < PROPIS_SIDE; y++) {
    Serial.write('>');  // the next row, please
    for (uint8_t x = 0; x < PROPIS_SIDE; x++) {
      while (!Serial.available()) {}
      row[x] = Serial.read();
    }
    propis_row(&state, row);
  }
  char name[PROPIS_NAME_BYTES];
  uint8_t letter = propis_letter(&state);
  propis_name(letter, name);
  Serial.print(name);
  Serial.print(' ');
  Serial.println(propis_logits(&state)[letter]);
}
