package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.box.Box;
import io.solebox.hardware.box.Reading;
import io.solebox.hardware.doctor.Evidence;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the power supply gives: as its owner has written it down ({@code psu.txt} with {@code 1400
 * W}), or as the firmware says it ({@code dmidecode -t 39}).
 */
public final class PowerSupply {
  private static final Pattern WATTS = Pattern.compile("\\b(\\d{2,5})\\s*W\\b");
  private static final Pattern CAPACITY = Pattern.compile("Max Power Capacity: (\\d{2,5}) W");

  private PowerSupply() {}

  /** Of all supplies together, where it is known. */
  public static Optional<Known<Double>> watts(Box box) {
    for (String file : box.names("")) {
      if (file.startsWith("psu") && file.endsWith(".txt")) {
        return sum(box, file, WATTS);
      }
      if (file.startsWith("dmidecode") && file.endsWith(".txt")) {
        Optional<Known<Double>> sum = sum(box, file, CAPACITY);
        if (sum.isPresent()) {
          return sum;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Known<Double>> sum(Box box, String file, Pattern pattern) {
    List<String> lines = box.read(file).content().map(Reading.Content::lines).orElse(List.of());
    double sum = 0;
    Optional<Evidence> evidence = Optional.empty();
    for (int i = 0; i < lines.size(); i++) {
      Matcher watts = pattern.matcher(lines.get(i));
      if (watts.find()) {
        sum += Integer.parseInt(watts.group(1));
        if (evidence.isEmpty()) {
          evidence = Optional.of(new Evidence(file, i + 1, lines.get(i).strip()));
        }
      }
    }
    double total = sum;
    return evidence.map(at -> new Known<>(total, at));
  }
}
