package io.solebox.engine.chat;

/**
 * What a model is given to go on with.
 *
 * @param ids never empty of a begin token that the model wants, never with an end token behind
 * @param opening what the chat template wrote behind the last message; the answer goes on from
 *     there. Empty for a prompt without a template
 */
public record Prompt(int[] ids, String opening) {}
