package io.solebox.engine.chat;

import java.util.Optional;

/**
 * What a model is given to go on with, and what tells how it will.
 *
 * @param template that the prompt was rendered by; empty for raw text
 * @param opening what the template wrote behind the last message; the answer goes on from there
 */
public record Prompt(int[] ids, Optional<ChatTemplate> template, String opening) {}
