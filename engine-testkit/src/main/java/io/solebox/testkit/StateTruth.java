package io.solebox.testkit;

import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.StateOp;

/** Recurrences over a sequence, in f64. */
final class StateTruth {
  private StateTruth() {}

  private static double softplus(double x) {
    return PointwiseTruth.activated(Activation.SOFTPLUS, x);
  }

  /** Of one sequence: what goes into the gated delta rule, [positions][width] each. */
  record Delta(double[][] q, double[][] k, double[][] v, double[][] a, double[][] b) {}

  /** [positions][Hv*Dv]. */
  static double[][] gatedDelta(StateOp.GatedDelta op, Delta in, double[] bias, double[] rate) {
    int dk = op.keyDim();
    int dv = op.valueDim();
    double[][] out = new double[in.q().length][op.heads() * dv];
    for (int h = 0; h < op.heads(); h++) {
      double[][] s = new double[dk][dv];
      int from = op.keyHead(h) * dk;
      for (int t = 0; t < out.length; t++) {
        double fade = Math.exp(rate[h] * softplus(in.a()[t][h] + bias[h]));
        double beta = 1 / (1 + Math.exp(-in.b()[t][h]));
        for (int j = 0; j < dv; j++) {
          double known = 0;
          for (int i = 0; i < dk; i++) {
            s[i][j] *= fade;
            known += s[i][j] * in.k()[t][from + i];
          }
          double change = beta * (in.v()[t][h * dv + j] - known);
          for (int i = 0; i < dk; i++) {
            s[i][j] += in.k()[t][from + i] * change;
            out[t][h * dv + j] += s[i][j] * in.q()[t][from + i];
          }
        }
      }
    }
    return out;
  }

  /** Of one sequence: what goes into the selective scan, [positions][width] each. */
  record Scan(double[][] x, double[][] b, double[][] c, double[][] dt) {}

  /** [positions][H*P]. */
  static double[][] selectiveScan(
      StateOp.SelectiveScan op, Scan in, double[] bias, double[] rate, double[] skip) {
    int n = op.stateDim();
    int p = op.headDim();
    double[][] out = new double[in.x().length][op.heads() * p];
    for (int h = 0; h < op.heads(); h++) {
      double[][] s = new double[p][n];
      int group = h / (op.heads() / op.groups()) * n;
      for (int t = 0; t < out.length; t++) {
        double d = softplus(in.dt()[t][h] + bias[h]);
        double fade = Math.exp(rate[h] * d);
        for (int j = 0; j < p; j++) {
          double x = in.x()[t][h * p + j];
          out[t][h * p + j] = skip[h] * x;
          for (int i = 0; i < n; i++) {
            s[j][i] = s[j][i] * fade + d * x * in.b()[t][group + i];
            out[t][h * p + j] += s[j][i] * in.c()[t][group + i];
          }
        }
      }
    }
    return out;
  }
}
