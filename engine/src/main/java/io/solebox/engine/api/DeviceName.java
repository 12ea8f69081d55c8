package io.solebox.engine.api;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;

/**
 * What {@code --device} says.
 *
 * @param backend by its name, or {@code auto}
 */
record DeviceName(String backend, Which which) {
  private static final String ALL = "all";

  /** Which of a backend's devices. */
  sealed interface Which {
    /**
     * One of them.
     *
     * @param index as it was written; nobody has looked whether it is a number
     */
    record One(String index) implements Which {}

    /** Two or more, in the order of the layers. */
    record Several(List<Integer> indices) implements Which {}

    /** All that there are. */
    record All() implements Which {}
  }

  /**
   * @throws SoleboxException {@code INVALID_PARAMETER} for a list that is none, or has one twice
   */
  static DeviceName of(String device) {
    String[] parts = device.split(":", 2);
    if (parts.length == 1) {
      return new DeviceName(parts[0], new Which.One("0"));
    }
    if (parts[1].equals(ALL)) {
      return new DeviceName(parts[0], new Which.All());
    }
    return new DeviceName(
        parts[0],
        parts[1].contains(",")
            ? new Which.Several(indices(device, parts))
            : new Which.One(parts[1]));
  }

  private static List<Integer> indices(String device, String[] parts) {
    List<String> words = Arrays.asList(parts[1].split(",", -1));
    for (String word : words) {
      if (!word.matches("[0-9]{1,4}")) {
        throw refused(
            device,
            "'%s' is no number of a device.".formatted(word),
            "Name several as in --device %s:0,1, or all with %s:all."
                .formatted(parts[0], parts[0]));
      }
    }
    List<Integer> indices = words.stream().map(Integer::valueOf).toList();
    var seen = new HashSet<Integer>();
    for (int index : indices) {
      if (!seen.add(index)) {
        throw refused(
            device,
            "It names device %d twice, which has its memory once.".formatted(index),
            "Name each device once; --shares gives one of them more layers.");
      }
    }
    return indices;
  }

  static SoleboxException refused(String device, String message, String remedy) {
    return new SoleboxException(ErrorCode.INVALID_PARAMETER, "--device " + device, message, remedy);
  }
}
