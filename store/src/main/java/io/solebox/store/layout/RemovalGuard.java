package io.solebox.store.layout;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.blob.Digest;
import java.io.IOException;
import java.util.List;

/** Keeps names that are pinned, and models that somebody uses. */
record RemovalGuard(NameFolders names, Leases leases) {
  /**
   * That a name may go.
   *
   * @throws SoleboxException {@code IN_USE} where it is pinned, or a process uses a model of its
   *     that has no other name
   */
  void requireFree(ModelName name, NameFolder folder, List<Generation> generations)
      throws IOException {
    if (folder.isPinned()) {
      throw inUse(name, "it is pinned", "'solebox models unpin " + name + "' lets it go.");
    }
    for (Leases.Held lease : leases.held()) {
      boolean isIts = generations.stream().anyMatch(g -> isOf(lease.manifest(), g));
      if (isIts && !hasAnotherName(lease.manifest(), folder)) {
        throw inUse(name, "it is in use: " + lease.by(), "End that process first.");
      }
    }
  }

  /** Whether a model stays where this name of it goes. */
  private boolean hasAnotherName(Digest manifest, NameFolder folder) throws IOException {
    for (NameFolder other : names.all()) {
      if (!other.equals(folder)
          && other.pointer().isPresent()
          && other.readAll().stream().anyMatch(g -> isOf(manifest, g))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOf(Digest manifest, Generation generation) {
    return generation.manifest().digest().equals(manifest);
  }

  private static SoleboxException inUse(ModelName name, String why, String remedy) {
    return new SoleboxException(ErrorCode.IN_USE, name.toString(), why, remedy);
  }
}
