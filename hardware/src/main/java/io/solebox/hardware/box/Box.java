package io.solebox.hardware.box;

import java.util.List;
import java.util.Optional;

/**
 * One machine, as its files and what its tools say: this one, or one that was captured. Paths begin
 * at its root without a slash, as in {@code proc/cpuinfo}. What tools say lies at the root under
 * the name that a capture gives it, as in {@code dmesg.txt}; of this machine it is asked of the
 * tool when it is read. Safe for many threads.
 */
public interface Box {
  /** Reads a file; one that is longer than a reader should bear is read to that length. */
  Reading read(String path);

  /** The names in a folder, sorted; none where there is no such folder or it cannot be read. */
  List<String> names(String folder);

  /** What a link points at, as it is written there, as in {@code ../../bus/pci/drivers/nvidia}. */
  Optional<String> link(String path);

  /** The last name of what a link points at, as in {@code vfio-pci} for a driver. */
  default Optional<String> linked(String path) {
    return link(path).map(target -> target.substring(target.lastIndexOf('/') + 1));
  }
}
