package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.doctor.Evidence;
import java.util.OptionalDouble;

/**
 * A line of a kernel's log.
 *
 * @param file it stands in
 * @param number from 1
 * @param seconds since the kernel began, where the line says it
 * @param text without its time
 */
public record LogLine(String file, int number, OptionalDouble seconds, String text) {
  public Evidence evidence() {
    return new Evidence(file, number, text);
  }
}
