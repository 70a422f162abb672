"""Which values carry a change: pure arithmetic over tables of figures, which knows neither questions nor answers."""
