package io.solebox.store.pull;

import io.solebox.store.blob.Digest;
import java.nio.file.Path;
import java.util.Optional;

/** Knows files of other programs on this machine, so that they are not fetched again. */
@FunctionalInterface
public interface Whereabouts {
  Whereabouts NOWHERE = (_, _) -> Optional.empty();

  /** A file that should have this digest; whoever uses it looks. */
  Optional<Path> find(Digest digest, long bytes);
}
