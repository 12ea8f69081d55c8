package io.solebox.hardware.doctor.check;

import io.solebox.hardware.box.Reading;
import io.solebox.hardware.doctor.Check;
import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.Verdict;
import io.solebox.hardware.doctor.facts.Driver.Flavour;
import io.solebox.hardware.doctor.facts.Facts;
import io.solebox.hardware.doctor.facts.KernelLog.Hit;
import io.solebox.hardware.doctor.facts.Known;
import io.solebox.hardware.doctor.facts.Version;
import io.solebox.hardware.doctor.facts.Wording;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether NVIDIA's driver works with the kernel's pages. */
final class KernelPageSize implements Check {
  private static final int SMALL = 4096;
  private static final int LARGE = 65536;

  /** From this branch on 64K pages have been seen to fail (open-gpu-kernel-modules#1269). */
  private static final int BROKEN_WITH_64K = 590;

  @Override
  public String id() {
    return "kernel.pagesize";
  }

  @Override
  public String title() {
    return "NVIDIA's driver works with the size of the kernel's pages";
  }

  @Override
  public List<String> reads() {
    return List.of(
        "getconf-pagesize.txt",
        "uname.txt",
        "boot/config-*",
        "dmesg.txt",
        "proc/driver/nvidia/version");
  }

  @Override
  public String rule() {
    return "On arm64: a failure with pages of 16384 bytes and the open module, which cannot"
        + " allocate its resources (status 0x40, open-gpu-kernel-modules pull request 972),"
        + " a warning where the flavour is not known; a failure with 65536 bytes and a"
        + " driver of branch 590 or later where Xid 31 came up, a warning where it did not"
        + " (issue 1269). Pages of 4096 bytes are well.";
  }

  @Override
  public String remedy() {
    return "Boot the kernel with 4K pages: on a Raspberry Pi kernel=kernel8.img in config.txt.";
  }

  @Override
  public Set<String> explains() {
    return Set.of("nvrm.init", "xid");
  }

  @Override
  public List<Finding> examine(Facts facts) {
    Optional<Known<Integer>> pages = facts.host().pageBytes();
    Optional<Hit> refused = Wording.NVRM_PAGE_SIZE.in(facts.log()).findFirst();
    boolean arm =
        facts.host().architecture().map(Known::value).filter("aarch64"::equals).isPresent();
    boolean other = facts.host().architecture().isPresent() && !arm;
    if (other) {
      return List.of(
          Finding.calm(
              id(), Verdict.NOT_APPLICABLE, "Only kernels for arm64 have other pages.", List.of()));
    }
    if (refused.isPresent() && pages.map(Known::value).orElse(0) != SMALL) {
      return List.of(failure(pages, refused, facts));
    }
    return List.of(
        pages
            .map(known -> of(known, facts))
            .orElseGet(
                () -> Unread.of(id(), "The size of the kernel's pages", new Reading.Absent())));
  }

  private Finding of(Known<Integer> pages, Facts facts) {
    Optional<Flavour> flavour = facts.driver().flavour().map(Known::value);
    int bytes = pages.value();
    if (bytes == SMALL) {
      return well(pages, "Pages of 4096 bytes suit every driver.");
    }
    if (bytes < LARGE) {
      return flavour
          .map(
              known ->
                  known == Flavour.OPEN
                      ? failure(Optional.of(pages), Optional.empty(), facts)
                      : well(
                          pages,
                          "Pages of %d bytes; only the open module is known to fail with them."
                              .formatted(bytes)))
          .orElseGet(() -> warning(pages));
    }
    return large(pages, facts);
  }

  private Finding well(Known<Integer> pages, String message) {
    return Finding.calm(id(), Verdict.OK, message, List.of(pages.evidence()));
  }

  private Finding warning(Known<Integer> pages) {
    return Finding.problem(
        id(),
        Verdict.WARN,
        "The kernel has pages of %d bytes, with which NVIDIA's open module cannot work; it needs 4096."
            .formatted(pages.value()),
        List.of(pages.evidence()),
        remedy(),
        "getconf PAGESIZE");
  }

  private Finding failure(Optional<Known<Integer>> pages, Optional<Hit> refused, Facts facts) {
    List<Evidence> evidence = new ArrayList<>();
    pages.ifPresent(known -> evidence.add(known.evidence()));
    refused.ifPresent(hit -> evidence.add(hit.line().evidence()));
    facts.driver().flavour().ifPresent(known -> evidence.add(known.evidence()));
    String version = facts.driver().module().map(known -> " " + known.value()).orElse("");
    return Finding.problem(
        id(),
        Verdict.FAIL,
        "The kernel has pages of %s bytes, and NVIDIA's open module%s cannot allocate its resources with them%s: it needs 4096."
            .formatted(
                pages.map(known -> known.value().toString()).orElse("another number of"),
                version,
                refused.isPresent() ? " (status 0x40)" : ""),
        evidence,
        remedy(),
        "getconf PAGESIZE && nvidia-smi");
  }

  private Finding large(Known<Integer> pages, Facts facts) {
    Optional<Known<Version>> driver = facts.driver().module();
    boolean broken = driver.filter(known -> known.value().branch() >= BROKEN_WITH_64K).isPresent();
    if (!broken) {
      return well(
          pages,
          "Pages of %d bytes; drivers before branch 590 are not known to fail with them."
              .formatted(pages.value()));
    }
    Optional<Hit> fault =
        Wording.XID.in(facts.log()).filter(hit -> hit.match().group(2).equals("31")).findFirst();
    List<Evidence> evidence =
        new ArrayList<>(List.of(pages.evidence(), driver.orElseThrow().evidence()));
    fault.ifPresent(hit -> evidence.add(hit.line().evidence()));
    return Finding.problem(
        id(),
        fault.isPresent() ? Verdict.FAIL : Verdict.WARN,
        "The kernel has pages of %d bytes; with driver %s that gives Xid 31 at boundaries of 4 GiB."
            .formatted(pages.value(), driver.orElseThrow().value()),
        evidence,
        "Boot the kernel with 4K pages (4096 bytes), or use a driver of branch 580, which is not"
            + " affected.",
        "getconf PAGESIZE");
  }
}
