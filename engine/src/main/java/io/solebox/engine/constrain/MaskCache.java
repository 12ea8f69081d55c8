package io.solebox.engine.constrain;

import io.solebox.engine.backend.TokenMask;
import io.solebox.engine.constrain.match.MatchState;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What was found for states and is found again, up to so many bytes; the least used goes first.
 * Safe for many threads.
 */
final class MaskCache {
  private static final long MAX_BYTES = 64L << 20;

  /** What an entry takes beside its mask: objects, and a state that is kept with it. */
  private static final int ENTRY_BYTES = 512;

  private final Map<Key, Entry> entries = new LinkedHashMap<>(1024, 0.75f, true);
  private long bytes;

  /**
   * @param owner whose state it is: a trie, or the masks of a grammar
   */
  private record Key(Object owner, MatchState state) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && owner == key.owner && state.equals(key.state);
    }

    @Override
    public int hashCode() {
      return 31 * System.identityHashCode(owner) + state.hashCode();
    }
  }

  private sealed interface Entry {
    int bytes();
  }

  private record Part(PartMask mask) implements Entry {
    @Override
    public int bytes() {
      return ENTRY_BYTES + mask.bytes();
    }
  }

  private record Whole(TokenMask mask) implements Entry {
    @Override
    public int bytes() {
      return ENTRY_BYTES + 8 * mask.words().length;
    }
  }

  synchronized Optional<PartMask> part(TokenTrie trie, MatchState state) {
    return entries.get(new Key(trie, state)) instanceof Part(PartMask mask)
        ? Optional.of(mask)
        : Optional.empty();
  }

  synchronized Optional<TokenMask> whole(Object grammar, MatchState state) {
    return entries.get(new Key(grammar, state)) instanceof Whole(TokenMask mask)
        ? Optional.of(mask)
        : Optional.empty();
  }

  synchronized void put(TokenTrie trie, MatchState state, PartMask mask) {
    put(new Key(trie, state), new Part(mask));
  }

  synchronized void put(Object grammar, MatchState state, TokenMask mask) {
    put(new Key(grammar, state), new Whole(mask));
  }

  private void put(Key key, Entry entry) {
    Entry before = entries.put(key, entry);
    bytes += entry.bytes() - (before == null ? 0 : before.bytes());
    Iterator<Entry> oldest = entries.values().iterator();
    while (bytes > MAX_BYTES) {
      bytes -= oldest.next().bytes();
      oldest.remove();
    }
  }
}
