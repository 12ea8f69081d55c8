package io.solebox.app.run;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.LineSource;
import io.solebox.app.console.TerminalLines;
import io.solebox.app.session.AdapterArgument;
import io.solebox.app.session.DraftOptions;
import io.solebox.app.session.EngineOptions;
import io.solebox.app.session.ModelLocator;
import io.solebox.app.session.Session;
import io.solebox.app.session.TemplateOptions;
import io.solebox.engine.answer.AnswerEvent.Reason;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A conversation: at a terminal with a line editor, else a message per line of stdin. */
@Command(
    name = "chat",
    description = "Hold a conversation. Ctrl-C stops an answer, /help shows the commands.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class ChatCommand implements Callable<Integer> {
  private static final String HELP =
      """
      /help           this
      /forget         begin anew; the model forgets what was said
      /system [TEXT]  set or clear the system message, and begin anew
      /stats          show or hide numbers after each answer
      /exit           leave; so does Ctrl-D
      Ctrl-C stops an answer. Pasted text may have several lines.""";

  private final Console console;
  private final Environment environment;
  private final ModelLocator locator;

  @Parameters(arity = "0..1", paramLabel = "MODEL", description = "Path or name of a model.")
  private Optional<String> model;

  @Option(names = "--system", paramLabel = "TEXT", description = "The system message.")
  private Optional<String> system;

  @Mixin private TemplateOptions template;
  @Mixin private SamplingOptions sampling;
  @Mixin private AdapterArgument adapter;
  @Mixin private DraftOptions draft;
  @Mixin private EngineOptions engine;

  private boolean stats;

  public ChatCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
    this.locator = new ModelLocator(environment);
  }

  @Override
  public Integer call() throws InterruptedException {
    sampling.check();
    engine.check();
    draft.check();
    Path file = locator.locate(model);
    LoadOptions options =
        adapter.with(
            engine
                .loadOptions(1)
                .withChat(template.read(console))
                .withSpeculation(draft.speculation(locator)));
    try (var session = Session.openToAnswer(console, engine, file, options);
        var lines = lines()) {
      var loaded = session.model();
      if (loaded.chatTemplate().isEmpty()) {
        throw new SoleboxException(
            ErrorCode.BAD_TEMPLATE,
            file.toString(),
            "The file has no chat template, so it cannot hold a conversation.",
            "Give one (--chat-template), or use `solebox run --raw` to continue a text with it.");
      }
      var problem = loaded.chatTemplate().get().problem();
      if (problem.isPresent()) {
        throw problem.get();
      }
      var conversation = new Conversation(session, sampling, system);
      lines.onInterrupt(conversation::stop);
      say(
          "%s on %s, context of %d tokens. /help shows the commands."
              .formatted(loaded.info().name(), loaded.device(), loaded.contextTokens()));
      converse(conversation, lines);
    }
    return 0;
  }

  private LineSource lines() {
    return console.inIsTerminal() && console.outIsTerminal()
        ? TerminalLines.open(console)
        : LineSource.piped(console);
  }

  private void converse(Conversation conversation, LineSource lines) throws InterruptedException {
    while (true) {
      switch (lines.read()) {
        case LineSource.Line.End _ -> {
          return;
        }
        case LineSource.Line.Interrupted(boolean typed) -> {
          if (!typed) {
            say("/exit or Ctrl-D leaves.");
          }
        }
        case LineSource.Line.Text(String line) -> {
          String text = line.strip();
          if (text.equals("/exit") || text.equals("/quit")) {
            return;
          }
          if (text.startsWith("/") && !text.contains("\n")) {
            command(conversation, text);
          } else if (!text.isEmpty()) {
            answer(conversation, lines, text);
          }
        }
      }
    }
  }

  private void command(Conversation conversation, String text) {
    String[] parts = text.split("\\s+", 2);
    switch (parts[0]) {
      case "/help" -> say(HELP);
      case "/forget" -> {
        int count = conversation.messageCount();
        conversation.forget();
        say("Forgotten: " + count + " messages.");
      }
      case "/system" -> {
        conversation.system(parts.length == 2 ? parts[1] : "");
        say(
            parts.length == 2
                ? "System message set; begun anew."
                : "No system message; begun anew.");
      }
      case "/stats" -> {
        stats = !stats;
        say(stats ? "Numbers after each answer." : "No numbers.");
      }
      default -> say("There is no command " + parts[0] + "; /help shows what there is.");
    }
  }

  private void answer(Conversation conversation, LineSource lines, String text)
      throws InterruptedException {
    try {
      var printer = new AnswerPrinter(lines, console.outIsTerminal());
      switch (conversation.say(text, printer::write)) {
        case Conversation.Outcome.TooLong(int tokens, int context) ->
            say(
                ("The conversation has %d tokens with this message and the context holds %d; the"
                        + " message was not sent. /forget begins anew, --context N gives more room.")
                    .formatted(tokens, context));
        case Conversation.Outcome.Answered(AnswerReport report, boolean full) -> {
          lines.print("\n");
          if (printer.hiddenReasoning() > 0) {
            say("(%d characters of reasoning left out)".formatted(printer.hiddenReasoning()));
          }
          if (report.reason() == Reason.CANCELLED) {
            say("(stopped)");
          }
          if (full) {
            int used = report.usage().promptTokens() + report.usage().completionTokens();
            say(
                "The answer was cut off: the conversation has filled the context (%d of %d tokens)."
                        .formatted(used, conversation.contextTokens())
                    + " /forget begins anew.");
          }
          if (stats) {
            say(report.line());
          }
        }
      }
    } catch (SoleboxException e) {
      lines.print("\n");
      say(e.describe());
    }
  }

  /** What Solebox says, as opposed to the model. */
  private void say(String text) {
    console.errorFaint(text);
  }
}
