package io.solebox.hardware.doctor;

import java.util.List;
import java.util.Optional;

/**
 * What one check says of the machine, or of one device in it.
 *
 * @param id of the check, as in {@code gpu.bar.assigned}
 * @param device the PCI address it is about, as in {@code 0000:01:00.0}; empty of the whole machine
 * @param message what is so, with its numbers, for people
 * @param evidence what it rests on; never empty where somebody should do something
 * @param remedy what to do; empty where there is nothing to do
 * @param verify what to run to see whether that worked; empty where there is nothing to do
 * @param causedBy the check whose finding explains this one
 */
public record Finding(
    String id,
    Optional<String> device,
    Verdict verdict,
    String message,
    List<Evidence> evidence,
    String remedy,
    String verify,
    Optional<String> causedBy) {
  public Finding {
    evidence = List.copyOf(evidence);
  }

  /** One that asks for nothing. */
  public static Finding calm(String id, Verdict verdict, String message, List<Evidence> evidence) {
    return new Finding(id, Optional.empty(), verdict, message, evidence, "", "", Optional.empty());
  }

  /** One that asks for something. */
  public static Finding problem(
      String id,
      Verdict verdict,
      String message,
      List<Evidence> evidence,
      String remedy,
      String verify) {
    return new Finding(
        id, Optional.empty(), verdict, message, evidence, remedy, verify, Optional.empty());
  }

  /** The same, of a device. */
  public Finding of(String address) {
    return new Finding(
        id, Optional.of(address), verdict, message, evidence, remedy, verify, causedBy);
  }

  /** The same, explained by another check. */
  public Finding causedBy(String cause) {
    return new Finding(id, device, verdict, message, evidence, remedy, verify, Optional.of(cause));
  }
}
