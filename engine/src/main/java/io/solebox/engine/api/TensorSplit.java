package io.solebox.engine.api;

import io.solebox.engine.api.Placement.Stage;
import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.KvPools;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.SequenceRoom;
import io.solebox.engine.backend.Team;
import io.solebox.engine.backend.Teaming;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Graph;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Splits every layer over all of several devices. Where one is lost, the model is on those that
 * remain: split inside its layers if it can be for so many, else by layers.
 */
public final class TensorSplit implements Placement.Policy {
  private final List<OpenDevice> devices;
  private final Function<List<Backend>, Teaming> teams;

  private TensorSplit(List<OpenDevice> devices, Function<List<Backend>, Teaming> teams) {
    this.devices = List.copyOf(devices);
    this.teams = teams;
  }

  /**
   * @param devices in the order of the ranks, at least two
   * @param teams as {@link io.solebox.engine.backend.BackendProvider#team} of their provider
   */
  public static TensorSplit of(List<OpenDevice> devices, Function<List<Backend>, Teaming> teams) {
    return new TensorSplit(devices, teams);
  }

  @Override
  public Placement place(Graph graph, Limits wished) {
    Present present = Present.of(devices, List.of());
    if (present.count() == 1) {
      return Placement.whole(graph, present.devices().getFirst()).saying(present.lost(), () -> "");
    }
    try {
      Placement placement = together(graph, present);
      var remarks = new ArrayList<>(present.lost());
      remarks.add(
          "Every layer is split over %d devices, which add up what each has %s."
              .formatted(present.count(), team(present).describe()));
      remarks.addAll(pace(present));
      return placement.saying(remarks, () -> byLayers(graph, wished, present));
    } catch (SoleboxException e) {
      if (present.lost().isEmpty()) {
        throw e;
      }
      return instead(graph, wished, present, e);
    }
  }

  /** Each rank on its device. */
  private Placement together(Graph graph, Present present) {
    return Placement.ranks(graph, present.devices(), team(present));
  }

  private Team team(Present present) {
    return team(teams, present);
  }

  /**
   * @throws SoleboxException {@code INVALID_PARAMETER} where they cannot compute together
   */
  static Team team(Function<List<Backend>, Teaming> teams, Present present) {
    List<Backend> members = present.devices().stream().map(OpenDevice::backend).toList();
    return switch (teams.apply(members)) {
      case Teaming.Together(Team team) -> team;
      case Teaming.Apart(String reason, String remedy) ->
          throw new SoleboxException(ErrorCode.INVALID_PARAMETER, "--split tensor", reason, remedy);
    };
  }

  private static List<String> pace(Present present) {
    return present.bandwidths().filter(all -> all.stream().distinct().count() > 1).stream()
        .map(_ -> "They have equal parts, so the one with the slowest memory sets the pace.")
        .toList();
  }

  private static String byLayers(Graph graph, Limits wished, Present present) {
    return LayerSplit.of(present.devices(), List.of()).fitsNow(graph, wished)
        ? " It fits with --split layers."
        : "";
  }

  private static Placement instead(
      Graph graph, Limits wished, Present present, SoleboxException why) {
    Placement layers = LayerSplit.of(present.devices(), List.of()).place(graph, wished);
    var remarks = new ArrayList<>(present.lost());
    remarks.add("What remains has the model by layers. " + why.getMessage());
    remarks.addAll(layers.remarks());
    return layers.saying(remarks, layers.advice());
  }

  /** Whether all ranks have room now for one longest sequence. */
  static boolean fitsNow(Placement ranks, Limits wished) {
    return ranks.transcoded(wished.activations()).stages().stream()
        .allMatch(stage -> fits(stage, wished));
  }

  private static boolean fits(Stage stage, Limits wished) {
    var estimate = stage.device().backend().estimate(stage.graph(), wished);
    var least = KvPools.use(stage.graph().groups(), estimate, wished, SequenceRoom.least(wished));
    return least.total() <= stage.device().freeBytes();
  }
}
