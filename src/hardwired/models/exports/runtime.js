// Integrates the models that hardwired.models.javascript writes.
// The steps are those of hardwired/models/engine/integrate.py: the same pair of orders 5 and 4, the same
// interpolant for output times and lags, the same norm of the error, and a halt at every event.
const hardwired = (() => {
  "use strict";
  const { C, A, E, P } = TABLEAU;  // written here by javascript.runtime()
  const MAX_STEPS = 20000;

  // Error function by its Maclaurin series, and by a continued fraction in the tails.
  const erf = (x) => {
    const a = Math.abs(x);
    if (a > 6) return Math.sign(x);
    if (a < 2.5) {
      let term = a, sum = a;
      for (let n = 1; Math.abs(term) > 1e-17 * sum; n++) {
        term *= (-a * a) / n;
        sum += term / (2 * n + 1);
      }
      return (Math.sign(x) * 2 * sum) / Math.sqrt(Math.PI);
    }
    let f = 0;
    for (let n = 60; n > 0; n--) f = n / 2 / (a + f);
    return Math.sign(x) * (1 - Math.exp(-a * a) / (Math.sqrt(Math.PI) * (a + f)));
  };

  const interpolate = (piece, row, t) => {
    const x = (t - piece.t) / piece.h;
    let sum = 0;
    for (let s = 0; s < 7; s++) {
      const w = P[s];
      sum += piece.K[s][row] * x * (w[0] + x * (w[1] + x * (w[2] + x * w[3])));
    }
    return piece.y[row] + piece.h * sum;
  };

  function simulate(model, times, given = {}, rtol = 1e-6) {
    const p = model.parameters.map((name, i) => (name in given ? given[name] : model.values[i]));
    for (let i = 0; i < model.switches; i++) p.push(0);
    let y = model.starts(p).map((v, i) => given[model.states[i]] ?? v);
    const n = y.length;
    const atol = y.map((v, i) => 1e-3 * rtol * (model.scales[i] || Math.abs(v) || 1));
    const result = { t: times };
    for (const name of model.states.concat(model.outputs)) result[name] = new Array(times.length);
    const before = y.slice(), pieces = [], kinks = [];
    const lags = model.lags.map(([row, lag]) => [row, lag(p)[0]]);
    const shortest = Math.min(...lags.map(([, lag]) => (lag > 0 ? lag : Infinity)));
    const jumps = model.jumps.map((jump) => ({ jump, at: jump.at(p)[0] }));
    jumps.sort((a, b) => a.at - b.at);
    let t = Math.min(model.first, times[0]), next = 0, steps = 0;
    const last = times[times.length - 1];

    const past = (row, when, now) => {
      if (!pieces.length || when < pieces[0].t) return before[row];
      let low = 0, high = pieces.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (pieces[middle].t <= when) low = middle;
        else high = middle - 1;
      }
      return interpolate(pieces[low], row, when);
    };
    const rates = (when, state) =>
      model.rates(when, state, p,
        lags.map(([row, lag]) => (lag > 0 ? past(row, when - lag) : state[row])));
    const store = (k, when, state) => {
      model.states.forEach((name, i) => (result[name][k] = state[i]));
      const values = model.results(when, state, p);
      model.outputs.forEach((name, i) => (result[name][k] = values[i]));
    };
    const distance = (a, b, scale) => {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += ((a[i] - (b ? b[i] : 0)) / scale[i]) ** 2;
      return Math.sqrt(sum / n);
    };

    const firstStep = (f, stop) => {
      const scale = y.map((v, i) => atol[i] + rtol * Math.abs(v));
      const d0 = distance(y, null, scale), d1 = distance(f, null, scale);
      let h = d0 < 1e-5 || d1 < 1e-5 ? 1e-6 : (0.01 * d0) / d1;
      h = Math.min(h, stop - t, shortest);
      const g = rates(t + h, y.map((v, i) => v + h * f[i]));
      const biggest = Math.max(d1, distance(g, f, scale) / h);
      const h1 = biggest <= 1e-15 ? Math.max(1e-6, h * 1e-3) : (0.01 / biggest) ** 0.2;
      const best = Math.min(100 * h, h1, stop - t);
      return best > 0 ? best : 1e-6 * (stop - t);
    };

    const advance = (stop, final) => {
      // a lag brings a break of the slope forward again and again; steps end there
      for (const [, lag] of lags) for (let k = 1; k < 6; k++) kinks.push(t + k * lag);
      if (n && stop > t) {
        let f = rates(t, y), h = firstStep(f, stop);
        const begin = y, travel = new Array(n).fill(0);
        while (t < stop) {
          if (++steps > MAX_STEPS) throw new Error(`${model.name}: too many steps`);
          h = Math.min(h, stop - t, shortest);
          for (const kink of kinks) if (kink > t * (1 + 1e-13)) h = Math.min(h, kink - t);
          const K = [f];
          let state = y;
          for (let s = 1; s < 7; s++) {
            state = new Array(n);
            for (let i = 0; i < n; i++) {
              let sum = 0;
              for (let j = 0; j < s; j++) sum += A[s][j] * K[j][i];
              state[i] = y[i] + h * sum;
            }
            K.push(rates(t + C[s] * h, state));
          }
          let sum = 0;
          for (let i = 0; i < n; i++) {
            let e = 0;
            for (let s = 0; s < 7; s++) e += E[s] * K[s][i];
            // a temperature of 37 degrees that moves by 1 is held to a share of 1, not of 37
            const size = Math.min(travel[i], Math.max(Math.abs(y[i]), Math.abs(state[i])));
            sum += ((h * e) / (atol[i] + rtol * size)) ** 2;
          }
          const norm = Math.sqrt(sum / n);
          if (norm <= 1) {
            const piece = { t, h, y, K };
            if (lags.length) pieces.push(piece);
            const arrived = h >= (stop - t) * (1 - 1e-12) ? stop : t + h;
            while (next < times.length &&
                   (times[next] < stop ? times[next] <= arrived : final && arrived === stop)) {
              const when = times[next];
              store(next++, when, y.map((_, i) => interpolate(piece, i, when)));
            }
            t = arrived;
            y = state;
            for (let i = 0; i < n; i++) travel[i] = Math.max(travel[i], Math.abs(y[i] - begin[i]));
            f = K[6];
            h *= Math.min(5, 0.9 * norm ** -0.2);
          } else {
            h *= norm > 1 ? Math.max(0.2, 0.9 * norm ** -0.2) : 0.2;
            if (h < 1e-13 * Math.abs(t)) throw new Error(`${model.name}: the step collapses`);
          }
        }
      }
      while (next < times.length && (final || times[next] < stop)) store(next, times[next++], y);
      t = Math.max(t, stop);
    };

    for (const { jump, at } of jumps) {
      if (at > last) break;
      advance(Math.max(at, t), false);
      jump.to(y, p).forEach((value, k) => {
        const [kind, i] = jump.sets[k];
        if (kind === "p") p[i] = value;
        else (y = y.slice())[i] = value;
      });
    }
    advance(last, true);
    return result;
  }

  return { simulate, models: {}, math: Object.assign({ erf }, Object.fromEntries(
    ["abs", "cos", "exp", "log", "max", "min", "pow", "sign", "sin", "sqrt", "tanh", "PI", "E"]
      .map((name) => [name, Math[name]]))) };
})();
