package io.solebox.app.update.file;

import java.util.Arrays;
import java.util.Optional;

/** The processors that there are images for, by the names that distributions have. */
public enum Architecture {
  X64("x64", "amd64"),
  ARM64("arm64", "aarch64");

  private final String word;
  private final String ofJava;

  Architecture(String word, String ofJava) {
    this.word = word;
    this.ofJava = ofJava;
  }

  /** As in names of files. */
  public String word() {
    return word;
  }

  /** By {@link #word}; empty for others. */
  public static Optional<Architecture> of(String word) {
    return Arrays.stream(values()).filter(each -> each.word.equals(word)).findFirst();
  }

  /** Of the machine that this runs on; empty for others. */
  public static Optional<Architecture> here() {
    String name = System.getProperty("os.arch");
    return Arrays.stream(values()).filter(each -> each.ofJava.equals(name)).findFirst();
  }
}
