package io.solebox.store.pull;

import io.solebox.store.blob.Digest;
import java.nio.file.Path;
import java.util.List;

/** Knows files of other programs on this machine, so that they are not fetched again. */
@FunctionalInterface
public interface Whereabouts {
  Whereabouts NOWHERE = (_, _) -> List.of();

  /** Files that may have this digest; whoever uses one looks. */
  List<Path> candidates(Digest digest, long bytes);
}
