package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.box.Box;
import io.solebox.hardware.box.Reading;
import io.solebox.hardware.doctor.Evidence;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * NVIDIA's kernel module, as it was loaded.
 *
 * @param version as in {@code 580.95.05}
 * @param open whether it is the open flavour
 * @param evidence where it says so
 */
public record NvidiaDriver(String version, boolean open, Evidence evidence) {
  private static final String FILE = "proc/driver/nvidia/version";

  /** In its file of proc, and in the log as it is loaded. */
  private static final Pattern LOADED =
      Pattern.compile(
          "NVIDIA UNIX (Open )?(?:\\S+ )?Kernel Module(?: for \\S+)?\\s+(\\d+\\.\\d+(?:\\.\\d+)?)");

  /** Of this start. */
  public static Optional<NvidiaDriver> of(Box box, KernelLog log) {
    List<String> lines = box.read(FILE).content().map(Reading.Content::lines).orElse(List.of());
    for (int i = 0; i < lines.size(); i++) {
      Matcher loaded = LOADED.matcher(lines.get(i));
      if (loaded.find()) {
        return Optional.of(driver(loaded, new Evidence(FILE, i + 1, lines.get(i))));
      }
    }
    return log.lines().reversed().stream()
        .map(
            line -> {
              Matcher loaded = LOADED.matcher(line.text());
              return loaded.find()
                  ? Optional.of(driver(loaded, line.evidence()))
                  : Optional.<NvidiaDriver>empty();
            })
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static NvidiaDriver driver(Matcher loaded, Evidence evidence) {
    boolean open = loaded.group(1) != null;
    return new NvidiaDriver(loaded.group(2), open, evidence);
  }

  /** The branch, as in 580. */
  public int branch() {
    return Integer.parseInt(version.substring(0, version.indexOf('.')));
  }
}
