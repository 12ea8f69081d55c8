package io.solebox.app.serve;

import io.solebox.app.console.Environment;
import io.solebox.server.ServerConfig;
import io.solebox.server.tools.mcp.McpSettings;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Servers of tools (Model Context Protocol) that run with this one. */
final class McpOptions {
  private static final String OFFLINE = "SOLEBOX_OFFLINE";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--mcp",
      paramLabel = "FILE",
      description =
          "Servers of tools (Model Context Protocol): a JSON file with mcpServers, as other"
              + " programs have it. Programs in it run as this one does; nobody can use a tool"
              + " before an administrator has allowed it.")
  private Optional<Path> file;

  private McpSettings settings = McpSettings.NONE;

  /**
   * Reads the file.
   *
   * @throws ParameterException if a server is on another machine, and there are to be no
   *     connections
   * @throws io.solebox.engine.error.SoleboxException if the file is not as it should be
   */
  void check(Environment environment) {
    settings = file.map(McpSettings::read).orElse(McpSettings.NONE);
    settings
        .servers()
        .forEach(
            (name, place) -> {
              if (place instanceof McpSettings.Address address && address.isElsewhere()) {
                requireConnections(name, environment);
              }
            });
  }

  ServerConfig apply(ServerConfig config) {
    return config.withMcp(settings);
  }

  private void requireConnections(String name, Environment environment) {
    String offline = environment.variables().getOrDefault(OFFLINE, "");
    if (!offline.isEmpty() && !offline.equals("0")) {
      throw wrong(name, OFFLINE + " is set");
    }
    environment
        .airGap()
        .closedBecause()
        .ifPresent(
            why -> {
              throw wrong(name, why);
            });
  }

  private ParameterException wrong(String name, String why) {
    return new ParameterException(
        command.commandLine(),
        "--mcp names '%s', which is on another machine, but %s".formatted(name, why));
  }
}
