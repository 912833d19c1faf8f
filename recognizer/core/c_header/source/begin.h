/* Handwritten letters, read by whole numbers alone: no floating point, no allocation, no library. C99 and C++.

   Model:    @name@ (@shape@, @activation@, @precision@, @parameters@ parameters, reads @ink@)
   SHA-256:  @sha256@ (of the model's file)
   Letters:  @letters@
   Licence:  code MIT, by the Propis authors; weights: @licence@

   How to call it: a picture of 28 x 28 bytes, row by row from the top, paper 0 and ink 255, as the ink
   specification moments-2 makes it.

       propis_state state;                      all the memory that is needed
       propis_begin(&state);
       for each of the 28 rows:
           propis_row(&state, row);             28 bytes, not needed any more afterwards
       uint8_t letter = propis_letter(&state);  0 ... PROPIS_LETTERS - 1
       char name[PROPIS_NAME_BYTES];
       propis_name(letter, name);               UTF-8

   With PROPIS_STROKES defined before, propis_draw(&paper, points, counts, strokes) makes such a picture of strokes.

   propis_best(&state, 1) is the second best, and propis_logits(&state) has the scores of all letters. */

#ifndef PROPIS_H
#define PROPIS_H

#include <stdint.h>

#ifdef __AVR__ /* constants stay in flash memory, which is read in a way of its own */
#include <avr/pgmspace.h>
#define PROPIS_FLASH(type, name, count) static const type name[count] PROGMEM
#define PROPIS_U8(place) pgm_read_byte(place)
#define PROPIS_I8(place) ((int8_t)pgm_read_byte(place))
#define PROPIS_U16(place) pgm_read_word(place)
#define PROPIS_I16(place) ((int16_t)pgm_read_word(place))
#else
#define PROPIS_FLASH(type, name, count) static const type name[count]
#define PROPIS_U8(place) (*(place))
#define PROPIS_I8(place) (*(place))
#define PROPIS_U16(place) (*(place))
#define PROPIS_I16(place) (*(place))
#endif
