package io.solebox.server.tools;

/**
 * For whom a tool works.
 *
 * @param owner by what is kept for them; what they may not see, no tool shows their model
 * @param chat in which it was called
 * @param answer the message that called it
 * @param call in that message
 */
public record ToolCaller(String owner, String chat, String answer, String call) {}
