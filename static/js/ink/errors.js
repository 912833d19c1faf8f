/** Errors of ink. The twin of recognizer/core/ink/errors.py, in the same words. */

/** Strokes or a picture that no ink can be read from; the message is for the person who sent them. */
export class InkError extends Error {}

/** There is nothing drawn. */
export class EmptyInkError extends InkError {}
