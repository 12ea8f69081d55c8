package io.solebox.backend.cuda.driver;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the kernels are compiled for. A GPU takes the highest that is not above its own.
 *
 * <p>One PTX file serves several targets: instructions that the later ones know begin with {@code
 * //@sm_90}, which makes them comments for the others.
 */
public enum Target {
  SM_70(70, 11_080, 520),
  SM_80(80, 11_080, 520),
  SM_90(90, 11_080, 520);

  private static final Pattern TARGET_LINE = Pattern.compile("(?m)^\\.target sm_(\\d+)$");

  private final int computeCapability;
  private final int minCudaVersion;
  private final int minDriverBranch;

  Target(int computeCapability, int minCudaVersion, int minDriverBranch) {
    this.computeCapability = computeCapability;
    this.minCudaVersion = minCudaVersion;
    this.minDriverBranch = minDriverBranch;
  }

  /** The folder of its PTX and the name on the {@code .target} line: {@code sm_80}. */
  public String directory() {
    return "sm_" + computeCapability;
  }

  public int computeCapability() {
    return computeCapability;
  }

  /**
   * Folders in which its PTX may be, the best first: a file that is for this target, or for those
   * before.
   */
  public List<String> directories() {
    return Arrays.stream(values())
        .filter(t -> t.compareTo(this) <= 0)
        .map(Target::directory)
        .toList()
        .reversed();
  }

  /**
   * PTX of a target before this one as this one's, with what it knows no longer a comment. What is
   * for a later GPU stays as it is.
   */
  public String specialize(String ptx) {
    Matcher line = TARGET_LINE.matcher(ptx);
    if (!line.find() || Integer.parseInt(line.group(1)) > computeCapability) {
      return ptx;
    }
    String text = line.replaceFirst(".target " + directory());
    return this == SM_90 ? text.replace("//@sm_90 ", "") : text;
  }

  /** The target for a GPU, empty where the GPU is older than all of them. */
  public static Optional<Target> best(int computeCapability) {
    return Arrays.stream(values())
        .filter(t -> t.computeCapability <= computeCapability)
        .max(Comparator.comparingInt(Target::computeCapability));
  }

  /**
   * The target for this GPU.
   *
   * @throws SoleboxException {@code DEVICE_UNAVAILABLE} where GPU or driver is too old
   */
  public static Target of(GpuInfo gpu) {
    String place = "cuda:" + gpu.ordinal();
    Target target =
        best(gpu.computeCapability())
            .orElseThrow(
                () ->
                    new SoleboxException(
                        ErrorCode.DEVICE_UNAVAILABLE,
                        place,
                        "%s has compute capability %s; the kernels need 7.0 (Volta) or later."
                            .formatted(gpu.name(), gpu.computeCapabilityText()),
                        "Use --device cpu, or a newer card."));
    if (gpu.cudaVersion() < target.minCudaVersion) {
      throw new SoleboxException(
          ErrorCode.DEVICE_UNAVAILABLE,
          place,
          "The NVIDIA driver is too old: it knows CUDA %s, the kernels for %s need %s."
              .formatted(
                  cudaText(gpu.cudaVersion()), target.directory(), cudaText(target.minCudaVersion)),
          "Update the NVIDIA driver to branch %d or later.".formatted(target.minDriverBranch));
    }
    return target;
  }

  /** As in {@code 11.8} for 11080. */
  public static String cudaText(int version) {
    return version / 1000 + "." + version % 1000 / 10;
  }
}
