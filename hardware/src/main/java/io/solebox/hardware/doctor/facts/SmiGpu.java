package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.box.Box;
import io.solebox.hardware.box.Reading;
import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.pci.PciAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code nvidia-smi -q} says of one GPU. A value's path is made of the headings above it, as
 * in {@code Temperature/Memory Current Temp}; headings and names change between drivers.
 *
 * @param values by their paths, in their order
 */
public record SmiGpu(PciAddress address, Map<String, Known<String>> values) {
  private static final Pattern GPU = Pattern.compile("^GPU (" + PciAddress.PATTERN + ")\\s*$");
  private static final Pattern NUMBER = Pattern.compile("^(-?\\d+(?:\\.\\d+)?)\\b");

  /** All GPUs of all texts at the root whose names begin with {@code nvidia-smi}. */
  public static List<SmiGpu> all(Box box) {
    List<SmiGpu> all = new ArrayList<>();
    for (String file : files(box)) {
      box.read(file).content().ifPresent(content -> parse(file, content, all));
    }
    return List.copyOf(all);
  }

  static List<String> files(Box box) {
    return box.names("").stream()
        .filter(name -> name.startsWith("nvidia-smi") && name.endsWith(".txt"))
        .toList();
  }

  private record Heading(int indent, String path) {}

  private static void parse(String file, Reading.Content content, List<SmiGpu> all) {
    Map<String, Known<String>> values = new LinkedHashMap<>();
    Deque<Heading> above = new ArrayDeque<>();
    int number = 0;
    for (String line : content.lines()) {
      number++;
      Matcher gpu = GPU.matcher(line);
      if (gpu.matches()) {
        values = new LinkedHashMap<>();
        above.clear();
        all.add(new SmiGpu(PciAddress.of(gpu.group(1)).orElseThrow(), values));
      } else if (!line.isBlank()) {
        note(line, new Evidence(file, number, line.strip()), values, above);
      }
    }
  }

  private static void note(
      String line, Evidence evidence, Map<String, Known<String>> values, Deque<Heading> above) {
    int indent = line.length() - line.stripLeading().length();
    while (!above.isEmpty() && above.peek().indent() >= indent) {
      above.pop();
    }
    String prefix = above.isEmpty() ? "" : above.peek().path() + "/";
    int colon = line.indexOf(" : ");
    if (colon < 0) {
      above.push(new Heading(indent, prefix + line.strip()));
    } else {
      String path = prefix + line.substring(0, colon).strip();
      values.putIfAbsent(path, new Known<>(line.substring(colon + 3).strip(), evidence));
    }
  }

  /** The first of these paths that is there and says something: {@code N/A} says nothing. */
  public Optional<Known<String>> value(String... paths) {
    for (String path : paths) {
      Known<String> found = values.get(path);
      if (found != null && !found.value().equals("N/A") && !found.value().startsWith("[N/A")) {
        return Optional.of(found);
      }
    }
    return Optional.empty();
  }

  /** The number that a value begins with, in the unit behind it, as in {@code 78 C}. */
  public OptionalDouble number(String... paths) {
    return value(paths).map(found -> number(found.value())).orElse(OptionalDouble.empty());
  }

  private static OptionalDouble number(String text) {
    Matcher number = NUMBER.matcher(text);
    return number.find()
        ? OptionalDouble.of(Double.parseDouble(number.group(1)))
        : OptionalDouble.empty();
  }
}
