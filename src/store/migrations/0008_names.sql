-- (kept free)
SELECT 1;
