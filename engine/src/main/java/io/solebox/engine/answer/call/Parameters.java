package io.solebox.engine.answer.call;

/**
 * The markers of arguments that are written one by one.
 *
 * @param opening in front of a value: its {@code key}, and possibly its {@code type}, or whether it
 *     is a {@code string}
 * @param ending behind a value, together with what must follow
 * @param closing behind the last one
 */
record Parameters(Form opening, Form ending, Form closing) {}
