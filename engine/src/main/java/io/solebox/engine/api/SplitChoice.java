package io.solebox.engine.api;

import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.LinkFigures;
import io.solebox.engine.backend.SplitTimes;
import io.solebox.engine.backend.Team;
import io.solebox.engine.backend.Teaming;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Graph;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * Chooses how a model is spread over several devices: in the way in which a token of one sequence
 * is expected to take less time ({@link SplitTimes}), and by layers where nobody can tell.
 */
public final class SplitChoice implements Placement.Policy {
  private final List<OpenDevice> devices;
  private final Function<List<Backend>, Teaming> teams;

  private SplitChoice(List<OpenDevice> devices, Function<List<Backend>, Teaming> teams) {
    this.devices = List.copyOf(devices);
    this.teams = teams;
  }

  /** What was found out of splitting inside the layers. */
  private sealed interface Found {
    String words();

    record Better(String words) implements Found {}

    record NotBetter(String words) implements Found {}
  }

  /** As {@link TensorSplit#of}. */
  public static SplitChoice of(List<OpenDevice> devices, Function<List<Backend>, Teaming> teams) {
    return new SplitChoice(devices, teams);
  }

  @Override
  public Placement place(Graph graph, Limits wished) {
    Present present = Present.of(devices, List.of());
    if (present.count() == 1) {
      return LayerSplit.of(devices, List.of()).place(graph, wished);
    }
    Found found = look(graph, wished, present);
    Placement chosen =
        switch (found) {
          case Found.Better _ -> TensorSplit.of(devices, teams).place(graph, wished);
          case Found.NotBetter _ -> LayerSplit.of(devices, List.of()).place(graph, wished);
        };
    var remarks = new ArrayList<>(chosen.remarks());
    remarks.add(found.words());
    return chosen.saying(remarks, chosen.advice());
  }

  private Found look(Graph graph, Limits wished, Present present) {
    try {
      Team team = TensorSplit.team(teams, present);
      return compare(Placement.ranks(graph, present.devices(), team), team, wished, present);
    } catch (SoleboxException e) {
      if (e.code() != ErrorCode.INVALID_PARAMETER) {
        throw e;
      }
      return new Found.NotBetter("Not split inside the layers: " + e.getMessage());
    }
  }

  private static Found compare(Placement ranks, Team team, Limits wished, Present present) {
    Optional<LinkFigures> link = team.slowestLink();
    Optional<List<Double>> bandwidths = present.bandwidths();
    if (link.isEmpty() || bandwidths.isEmpty()) {
      return new Found.NotBetter(
          "Whether --split tensor would be faster cannot be told: nobody says how fast the %s."
              .formatted(link.isEmpty() ? "links between the devices are" : "memory of all is"));
    }
    var work =
        SplitTimes.Work.of(
            ranks.graph(), ranks.stages().stream().map(Placement.Stage::graph).toList());
    SplitTimes times = SplitTimes.of(work, bandwidths.get(), link.get());
    String words = words(times, link.get());
    if (!times.tensorIsFaster()) {
      return new Found.NotBetter(words);
    }
    return TensorSplit.fitsNow(ranks, wished)
        ? new Found.Better(words)
        : new Found.NotBetter(words + " But there is no room for that now.");
  }

  private static String words(SplitTimes times, LinkFigures link) {
    return String.format(
        Locale.ROOT,
        "A token is expected to read weights for %.2f ms split by layers, and for %.2f ms, sums"
            + " included, split inside them: links %s to give %.1f GB/s in %.1f us.",
        times.layersSeconds() * 1e3,
        times.tensorSeconds() * 1e3,
        switch (link.origin()) {
          case MEASURED -> "were measured";
          case SAID -> "are said";
        },
        link.bytesPerSecond() / 1e9,
        link.latencySeconds() * 1e6);
  }
}
