package io.solebox.app.store;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.session.EngineOptions;
import io.solebox.app.session.TransferArguments;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.catalogue.Catalogue;
import io.solebox.store.foreign.ForeignModels;
import io.solebox.store.layout.Generation;
import io.solebox.store.layout.ModelStore;
import io.solebox.store.pull.Acceptance;
import io.solebox.store.pull.Choice;
import io.solebox.store.pull.Pull;
import io.solebox.store.pull.StoreNames;
import io.solebox.store.pull.http.Outbound;
import io.solebox.store.pull.http.Patience;
import io.solebox.store.pull.name.PullName;
import io.solebox.store.pull.source.Offer;
import io.solebox.store.pull.source.Source;
import io.solebox.store.pull.source.SourceSettings;
import io.solebox.store.pull.source.Sources;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Fetches a model by its name elsewhere, and keeps it in the store. */
@Command(
    name = "pull",
    description = "Fetch a model and keep it: hf.co/USER/NAME:Q4_K_M, NAME:TAG of Ollama's, ...",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class PullCommand implements Callable<Integer> {
  private final Console console;
  private final Environment environment;

  @Parameters(arity = "1", paramLabel = "NAME", description = "The model's name where it is.")
  private String name;

  @Option(
      names = "--dry-run",
      description = "Say what would be fetched and whether it fits, and fetch nothing.")
  private boolean dryRun;

  @Option(names = "--json", description = "Say everything as lines of JSON.")
  private boolean json;

  @Option(
      names = "--accept-licence",
      description = "Accept the terms that the source asks for, without being asked.")
  private boolean acceptLicence;

  @Mixin private OriginArguments origin;
  @Mixin private TransferArguments transfer;
  @Mixin private EngineOptions engine;
  @Mixin private FitArguments fit;

  public PullCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() throws Exception {
    engine.check();
    fit.check();
    Models models = new Models(console, environment);
    Optional<Catalogue.Pick> pick = ofCatalogue(models);
    PullName wanted = pick.<PullName>map(Catalogue.Pick::pullName).orElseGet(this::parsed);
    SourceSettings settings = origin.settings(environment);
    try (var outbound = new Outbound(transfer.network(environment), Patience.USUAL);
        PullReport report = json ? new JsonReport(console) : new TextReport(console, command())) {
      Source source = Sources.of(wanted, outbound, settings);
      Offer offer = source.look();
      pick.ifPresent(p -> report.note(meaning(p)));
      offer.notes().forEach(report::note);
      var look = new BeforePull(source, outbound, engine, fit.memoryBytes(), environment);
      ForeignModels foreign = environment.foreignModels();
      var pull = new Pull(models.store(), outbound, transfer.options(), foreign::candidates);
      PullPlan plan = plan(wanted, offer, look, pull);
      report.plan(plan);
      if (!dryRun) {
        PullPlan agreed = accept(plan);
        Generation pulled = report.during(() -> run(agreed, pull, source, report));
        report.done(plan.name(), pulled);
        models.cleanUp();
      }
    }
    return 0;
  }

  /** To be given again where it was ended. */
  private String command() {
    return name + (fit.fit() ? " --fit" : "");
  }

  private PullPlan plan(PullName wanted, Offer offer, BeforePull look, Pull pull)
      throws InterruptedException {
    Optional<FitPlan> made =
        fit.fit()
            ? new Fitting(hub(wanted), offer, look, fit.keepSource()).plan()
            : Optional.empty();
    Choice choice =
        made.isPresent()
            ? new Choice(made.get().source(), Optional.of(made.get().because()))
            : choose(wanted, offer, look);
    var order =
        new Pull.Order(
            StoreNames.of(wanted, choice.variant()),
            offer,
            choice.variant(),
            choice.because(),
            Map.of());
    ModelStore store = ModelStore.open(environment.storeFolder());
    boolean isMade = made.flatMap(f -> FitRun.made(store, f, order)).isPresent();
    long missing = isMade ? 0 : pull.missingBytes(order);
    var plan = new PullPlan(order, look.outlook(choice.variant()), missing, made, Optional.empty());
    return offer
        .terms()
        .flatMap(terms -> new Acceptance(terms, store).before())
        .map(plan::accepting)
        .orElse(plan);
  }

  private PullPlan accept(PullPlan plan) {
    if (plan.open().isEmpty()) {
      return plan;
    }
    ModelStore store = ModelStore.open(environment.storeFolder());
    var acceptance = new Acceptance(plan.open().get(), store);
    if (acceptLicence) {
      return plan.accepting(acceptance.now());
    }
    if (json || !console.inIsTerminal() || !console.outIsTerminal()) {
      throw acceptance.refusal();
    }
    return plan.accepting(LicenceQuestion.ask(acceptance, console));
  }

  private Generation run(PullPlan plan, Pull pull, Source source, PullReport report)
      throws Exception {
    if (plan.fit().isEmpty()) {
      return pull.run(plan.order(), source, report);
    }
    ModelStore store = ModelStore.open(environment.storeFolder());
    return new FitRun(store, plan.fit().get(), plan.order(), report, engine.threads())
        .run(pull, source);
  }

  private PullName.Hub hub(PullName wanted) {
    if (wanted instanceof PullName.Hub repository) {
      return repository;
    }
    throw new SoleboxException(
        ErrorCode.INVALID_PARAMETER,
        "--fit",
        "Only repositories of the hub have files to choose from.",
        "Pull the model without --fit, and make a smaller one with 'solebox quantize'.");
  }

  /** What is no name of a catalogue can be pulled without one. */
  private Optional<Catalogue.Pick> ofCatalogue(Models models) {
    return Catalogue.mayName(name)
        ? models.catalogues().current().catalogue().find(name)
        : Optional.empty();
  }

  private PullName parsed() {
    return PullName.parse(name);
  }

  private static String meaning(Catalogue.Pick pick) {
    return "%s is %s of the catalogue: hf.co/%s. A model of Ollama's of that name is %s:latest."
        .formatted(
            pick.model().name(), pick.model().title(), pick.model().source(), pick.model().name());
  }

  private static Choice choose(PullName wanted, Offer offer, BeforePull look)
      throws InterruptedException {
    Optional<String> named = wanted.choice();
    return named.isPresent()
        ? Choice.named(offer, named.get())
        : Choice.fitting(offer, variant -> look.facts(variant).flatMap(Facts::needs));
  }
}
