package io.solebox.server.chats.search;

import java.util.Optional;

/**
 * Something that was found.
 *
 * @param message empty where it is the title
 */
public record Hit(String chat, Optional<String> message) {}
