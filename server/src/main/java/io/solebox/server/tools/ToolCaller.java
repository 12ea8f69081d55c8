package io.solebox.server.tools;

/**
 * For whom a tool works.
 *
 * @param owner by what is kept for them; what they may not see, no tool shows their model
 * @param chat in which it was called
 */
public record ToolCaller(String owner, String chat) {}
