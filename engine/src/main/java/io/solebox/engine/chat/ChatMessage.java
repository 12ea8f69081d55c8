package io.solebox.engine.chat;

/**
 * One message of a conversation whose content is a text.
 *
 * @param role {@code system}, {@code user}, {@code assistant} or what else the template knows
 */
public record ChatMessage(String role, String content) {}
