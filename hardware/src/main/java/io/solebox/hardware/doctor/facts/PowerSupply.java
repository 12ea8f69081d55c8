package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.box.Box;
import io.solebox.hardware.box.Reading;
import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.power.PowerSettings;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the power supply gives: as its owner has said it ({@code psu.watts} in {@code
 * hardware.properties}) or written it down ({@code psu.txt} with {@code 1400 W}), or as the
 * firmware says it ({@code dmidecode -t 39}).
 *
 * @param watts of all supplies together
 * @param share of it that may be drawn for long
 * @param evidence where the watts stand
 */
public record PowerSupply(double watts, double share, Evidence evidence) {
  /** What the owner says of the box: beside the data, or for all of the machine. */
  private static final List<String> SETTINGS =
      List.of("hardware.properties", "etc/solebox/hardware.properties");

  private static final Pattern SAID =
      Pattern.compile("^\\s*psu\\.watts\\s*[=:]\\s*(\\d{1,5}(?:\\.\\d{1,3})?)\\s*$");
  private static final Pattern SHARE =
      Pattern.compile("^\\s*psu\\.share\\s*[=:]\\s*(0\\.\\d{1,4}|1(?:\\.0)?)\\s*$");
  private static final Pattern WATTS = Pattern.compile("\\b(\\d{2,5})\\s*W\\b");
  private static final Pattern CAPACITY = Pattern.compile("Max Power Capacity: (\\d{2,5}) W");

  /** The supply, where it is known. */
  public static Optional<PowerSupply> of(Box box) {
    return SETTINGS.stream()
        .flatMap(file -> said(box, file).stream())
        .findFirst()
        .or(() -> summed(box, "psu", WATTS))
        .or(() -> summed(box, "dmidecode", CAPACITY));
  }

  private static Optional<PowerSupply> said(Box box, String file) {
    double share =
        found(box, file, SHARE).findFirst().map(Known::value).orElse(PowerSettings.DEFAULT_SHARE);
    return found(box, file, SAID)
        .reduce((_, last) -> last) // as properties are read
        .map(known -> new PowerSupply(known.value(), share, known.evidence()));
  }

  private static Optional<PowerSupply> summed(Box box, String name, Pattern pattern) {
    return box.names("").stream()
        .filter(file -> file.startsWith(name) && file.endsWith(".txt"))
        .map(file -> found(box, file, pattern).toList())
        .filter(all -> !all.isEmpty())
        .findFirst()
        .map(
            all ->
                new PowerSupply(
                    all.stream().mapToDouble(Known::value).sum(),
                    PowerSettings.DEFAULT_SHARE,
                    all.getFirst().evidence()));
  }

  private static Stream<Known<Double>> found(Box box, String file, Pattern pattern) {
    List<String> lines = box.read(file).content().map(Reading.Content::lines).orElse(List.of());
    return Stream.iterate(0, i -> i < lines.size(), i -> i + 1)
        .flatMap(
            i -> {
              Matcher number = pattern.matcher(lines.get(i));
              return number.find()
                  ? Stream.of(
                      new Known<>(
                          Double.valueOf(number.group(1)),
                          new Evidence(file, i + 1, lines.get(i).strip())))
                  : Stream.empty();
            });
  }
}
