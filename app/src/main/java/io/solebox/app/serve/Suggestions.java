package io.solebox.app.serve;

import io.solebox.app.console.Environment;
import io.solebox.app.session.Expected;
import io.solebox.app.session.MemorySpeed;
import io.solebox.app.session.ThisMachine;
import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadOptions;
import io.solebox.server.library.Suggestion;
import io.solebox.store.catalogue.CatalogueModel;
import io.solebox.store.catalogue.Catalogues;
import io.solebox.store.pull.name.Quantization;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What the catalogue suggests for the devices of a server, beside what these have loaded. Opens no
 * connection.
 *
 * @param options with which models are loaded
 */
record Suggestions(Engine engine, LoadOptions options, Environment environment) {
  /**
   * @param idle whether no model computes now: only then the memory is measured, where it is not
   *     known yet
   */
  List<Suggestion> all(boolean idle) {
    var memory = new MemorySpeed(environment);
    OptionalDouble speed = idle ? memory.bytesPerSecond(engine) : memory.known(engine);
    ThisMachine machine = ThisMachine.of(engine, options, speed);
    return new Catalogues(environment.dataFolder())
        .current().catalogue().models().stream().map(model -> suggestion(model, machine)).toList();
  }

  private static Suggestion suggestion(CatalogueModel model, ThisMachine machine) {
    Optional<Quantization> fitting = machine.choose(model);
    Quantization shown = fitting.orElse(model.formats().getLast());
    Expected expected = machine.expected(model, shown);
    return new Suggestion(
        "hf.co/" + model.source() + fitting.map(q -> ":" + q.name()).orElse(""),
        model.name(),
        model.title(),
        model.sizeClass().word(),
        model.uses().stream().map(CatalogueModel.Use::word).toList(),
        model.licence(),
        model.gated(),
        model.parameters(),
        model.context(),
        shown.name(),
        model.estimatedBytes(shown),
        expected
            .needs()
            .map(needs -> OptionalLong.of(needs.neededBytes()))
            .orElse(OptionalLong.empty()),
        fitting.isPresent(),
        expected.tokensPerSecond());
  }
}
