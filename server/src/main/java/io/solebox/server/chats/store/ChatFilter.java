package io.solebox.server.chats.store;

import java.util.Optional;

/**
 * Which chats are wanted.
 *
 * @param folder what it is called
 * @param pinned whether those alone that are pinned
 * @param archived whether those that are put away, or all others
 * @param after behind this one
 */
public record ChatFilter(
    Optional<String> folder,
    Optional<String> tag,
    boolean pinned,
    boolean archived,
    Optional<String> after) {
  boolean passes(Chat chat) {
    return chat.archived() == archived
        && (!pinned || chat.pinned())
        && folder.stream().allMatch(wanted -> chat.folder().filter(wanted::equals).isPresent())
        && tag.stream().allMatch(chat.tags()::contains);
  }
}
