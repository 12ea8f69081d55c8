package io.solebox.backend.cuda;

import io.solebox.engine.backend.LinkFigures;
import java.util.Locale;
import java.util.Optional;

/** How bytes get from one GPU to another. */
sealed interface PeerWay {
  /** Empty where it could not be measured. */
  Optional<LinkFigures> figures();

  /** For people, behind the names of both. */
  String describe();

  /** Straight into the memory of the other, by copies and by kernels: tried in both. */
  record Direct(LinkFigures measured) implements PeerWay {
    @Override
    public Optional<LinkFigures> figures() {
      return Optional.of(measured);
    }

    @Override
    public String describe() {
      return "directly" + text(figures());
    }
  }

  /**
   * Over pinned memory of the host, which every machine has.
   *
   * @param reason why not directly; a sentence for people without its end
   */
  record ThroughHost(String reason, Optional<LinkFigures> figures) implements PeerWay {
    @Override
    public String describe() {
      return "through host memory%s, since %s".formatted(text(figures), reason);
    }
  }

  private static String text(Optional<LinkFigures> figures) {
    return figures
        .map(
            f ->
                String.format(
                    Locale.ROOT,
                    " (%.1f GB/s, %.0f us for a few bytes)",
                    f.bytesPerSecond() / 1e9,
                    f.latencySeconds() * 1e6))
        .orElse(" (not measured)");
  }
}
