-- Schema 11 comes with what /live tells.
SELECT 1;
