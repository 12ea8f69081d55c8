package io.solebox.bench.gpu;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import tools.jackson.databind.JsonNode;

/**
 * Where the time of a step goes, as {@code bench --profile} measured it.
 *
 * @param position context of the step
 * @param bandwidth what the device's memory gives, in bytes per second
 */
record Profile(
    int position,
    double stepMicros,
    List<Node> nodes,
    Optional<Host> host,
    OptionalDouble bandwidth) {
  private static final int NAMED = 3;
  private static final double LEAST_SHOWN = 0.005;

  /**
   * Launches of one kind.
   *
   * @param micros of one launch, the mean
   * @param apart the same without overlap; 0 where there is none to avoid
   * @param bytesPerSecond 0 for kinds that read no weights
   */
  record Node(String kind, int launches, double micros, double apart, double bytesPerSecond) {
    double all() {
      return launches * micros;
    }
  }

  /** What a step costs beside the device's work, which is what it waits for. */
  record Host(double handOver, double launch, double waiting, double wakeUp) {
    /** Of a step as its caller sees it. */
    double share() {
      double own = handOver + launch + wakeUp;
      return own / (own + waiting);
    }
  }

  /**
   * One for each context, in the order in which they were asked for; none where a stage has none.
   */
  static List<Profile> all(JsonNode stage, OptionalDouble bandwidth) {
    return stage.at("/profiles").valueStream().map(p -> of(p, bandwidth)).toList();
  }

  /** The kind that takes most is first. */
  private static Profile of(JsonNode profile, OptionalDouble bandwidth) {
    var nodes = new ArrayList<Node>();
    for (JsonNode node : profile.at("/nodes")) {
      nodes.add(
          new Node(
              node.at("/kind").asString(),
              node.at("/launches").asInt(),
              micros(node, "microseconds"),
              micros(node, "microseconds_apart"),
              Text.number(node, "/bytes_per_second").orElse(0)));
    }
    nodes.sort(Comparator.comparingDouble(Node::all).reversed());
    return new Profile(
        profile.at("/position").asInt(),
        micros(profile, "step_microseconds"),
        nodes,
        host(profile.at("/host")),
        bandwidth);
  }

  private static Optional<Host> host(JsonNode host) {
    return host.isObject()
        ? Optional.of(
            new Host(
                micros(host, "hand_over_microseconds"),
                micros(host, "launch_microseconds"),
                micros(host, "wait_microseconds"),
                micros(host, "wake_up_microseconds")))
        : Optional.empty();
  }

  private static double micros(JsonNode node, String field) {
    return Text.number(node, "/" + field).orElse(0);
  }

  private double share(Node node) {
    return stepMicros > 0 ? node.all() / stepMicros : 0;
  }

  /** As in {@code ", 57 % of the bandwidth"}; nothing for kinds that read no weights. */
  private String ofBandwidth(Node node) {
    return bandwidth.isEmpty() || node.bytesPerSecond() == 0
        ? ""
        : Text.of("%.0f %%", 100 * node.bytesPerSecond() / bandwidth.getAsDouble());
  }

  /**
   * A bar for each kind, as long as its share of the step; but not for those that are next to none.
   */
  List<String> lines() {
    int width = nodes.stream().mapToInt(n -> n.kind().length()).max().orElse(0);
    var lines = new ArrayList<String>();
    lines.add(
        Text.of(
            "%-" + Math.max(width, 1) + "s  count       us    apart  share %24s  GB/s  of reads",
            "",
            ""));
    for (Node node : nodes.stream().filter(n -> share(n) >= LEAST_SHOWN).toList()) {
      String line =
          Text.of(
              "%-" + width + "s  %5d %8.1f %8s  %3.0f %% %s %5s  %8s",
              node.kind(),
              node.launches(),
              node.micros(),
              node.apart() == 0 ? "" : Text.of("%.1f", node.apart()),
              100 * share(node),
              Text.bar(share(node)),
              node.bytesPerSecond() == 0 ? "" : Text.of("%.0f", node.bytesPerSecond() / 1e9),
              ofBandwidth(node));
      lines.add(line.stripTrailing());
    }
    host.ifPresent(h -> lines.add(hostLine(h)));
    return lines;
  }

  private static String hostLine(Host h) {
    return Text.of(
        "host: hand over %.0f us, launch %.0f us, wait %.0f us, wake up %.0f us",
        h.handOver(), h.launch(), h.waiting(), h.wakeUp());
  }

  /**
   * In a sentence: the kinds that take most of a step, how near each is to the bandwidth, the host.
   */
  String cause() {
    var parts = new ArrayList<String>();
    for (Node node : nodes.subList(0, Math.min(NAMED, nodes.size()))) {
      String near = ofBandwidth(node).isEmpty() ? "" : " at " + ofBandwidth(node) + " of reads";
      parts.add(Text.of("%s %.0f %%%s", node.kind(), 100 * share(node), near));
    }
    host.ifPresent(h -> parts.add(hostShare(h)));
    return Text.of("of a step's %.0f us: ", stepMicros) + String.join(", ", parts);
  }

  private static String hostShare(Host h) {
    return Text.of("the host %.0f %%", 100 * h.share());
  }

  /** Of one kind, its mean in microseconds. */
  OptionalDouble micros(String kind) {
    return nodes.stream().filter(n -> n.kind().equals(kind)).mapToDouble(Node::micros).findFirst();
  }
}
