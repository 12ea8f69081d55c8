package io.solebox.app.airgap.filter;

import java.util.Locale;
import java.util.Optional;

/** Processors whose system calls are known. Both have their bytes in little-endian order. */
public enum Architecture {
  X86_64(0xC000003E),
  ARM64(0xC00000B7);

  private final int auditName;

  Architecture(int auditName) {
    this.auditName = auditName;
  }

  /** How the kernel names it to filters: {@code AUDIT_ARCH_*} of {@code linux/audit.h}. */
  public int auditName() {
    return auditName;
  }

  /** As {@code uname -m} says it. */
  public String word() {
    return switch (this) {
      case X86_64 -> "x86_64";
      case ARM64 -> "aarch64";
    };
  }

  /** That of this machine; empty where it is another one, or no Linux. */
  public static Optional<Architecture> ofSystem() {
    return System.getProperty("os.name").equals("Linux")
        ? named(System.getProperty("os.arch"))
        : Optional.empty();
  }

  /**
   * @param name as Java and {@code uname -m} say it
   */
  static Optional<Architecture> named(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "amd64", "x86_64" -> Optional.of(X86_64);
      case "aarch64", "arm64" -> Optional.of(ARM64);
      default -> Optional.empty();
    };
  }
}
