package io.solebox.app.serve;

import io.solebox.app.session.OwnSpeeds;
import io.solebox.engine.api.Decoding;
import io.solebox.server.library.MemoryReads;
import java.util.Optional;
import java.util.OptionalDouble;

/** What this machine was measured to do, for a server. */
record OwnReads(OwnSpeeds speeds) implements MemoryReads {
  @Override
  public OptionalDouble ofMemory() {
    return speeds.ofMemory();
  }

  @Override
  public Optional<Seen> ofDecode(String model, String format, Decoding reads) {
    return speeds
        .ofDecode(model, format, reads)
        .map(known -> new Seen(known.tokensPerSecond(), known.words()));
  }
}
